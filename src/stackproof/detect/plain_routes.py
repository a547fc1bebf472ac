"""The page to ask where no route speaks of health: one that is served by GET and takes no parameter."""

import re
from collections.abc import Iterator

from stackproof.detect import code, health_routes, routes, serving, values
from stackproof.detect.routes import Route
from stackproof.model.facts import Fact, HealthRoute, PlainRoute
from stackproof.model.source import SourceTree

_FASTAPI = ("fastapi.FastAPI", "fastapi.applications.FastAPI")
_PLAIN = re.compile(r"/(?:[\w.~-]+/?)*")
# They redirect, want a sender's signature, or say nothing about the application.
_UNFIT = re.compile(
    r"(?:^|/)(?:log-?(?:in|out)|sign-?(?:in|out|up)|auth|callback|webhook|admin|metrics|static|media)(?:/|$)"
)


def detect(tree: SourceTree) -> Iterator[Fact]:
    """For each application at most one: its top page, else the one with the shortest path."""
    known = code.read(tree)
    told = {fact.app for fact in health_routes.detect(tree) if isinstance(fact, HealthRoute)}
    moved = _moved(known)
    served = [route for route in (*moved, *routes.served(known)) if _fit(route.path)]
    for app in dict.fromkeys(route.app for route in served):
        if app not in told and "" not in told:
            best = min((route for route in served if route.app == app), key=lambda route: _order(route, moved))
            yield PlainRoute(best.path, best.seen, app, bool(moved))


def _order(route: Route, moved: tuple[Route, ...]) -> tuple[object, ...]:
    return route not in moved, len(route.path), route.path


def _moved(known: code.Code) -> tuple[Route, ...]:
    """`FastAPI(openapi_url="/v1/openapi.json")`; with None or what only the running program knows, no path."""
    found = [item for name in _FASTAPI for item in known.called.get(name, ())]
    stated = [
        (values.string(known, module, word.value) or "", module.place(word))
        for module, call in found
        for word in call.keywords
        if word.arg == "openapi_url"
    ]
    app = serving.sole(known)
    return tuple(Route(path, None, False, app, seen) for path, seen in stated if app)


def _fit(path: str) -> bool:
    return bool(_PLAIN.fullmatch(path)) and not _UNFIT.search(path)
