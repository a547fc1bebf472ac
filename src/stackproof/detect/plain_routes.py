"""The page to ask where no route speaks of health: one that is served by GET and takes no parameter."""

import re
from collections.abc import Iterator

from stackproof.detect import code, health_routes, routes
from stackproof.model.facts import Fact, HealthRoute, PlainRoute
from stackproof.model.source import SourceTree

_PLAIN = re.compile(r"/(?:[\w.~-]+/?)*")
# They redirect, want a sender's signature, or say nothing about the application.
_UNFIT = re.compile(
    r"(?:^|/)(?:log-?(?:in|out)|sign-?(?:in|out|up)|auth|callback|webhook|admin|metrics|static|media)(?:/|$)"
)


def detect(tree: SourceTree) -> Iterator[Fact]:
    """For each application at most one: its top page, else the one with the shortest path."""
    told = {fact.app for fact in health_routes.detect(tree) if isinstance(fact, HealthRoute)}
    served = [route for route in routes.served(code.read(tree)) if _fit(route.path)]
    for app in dict.fromkeys(route.app for route in served):
        if app not in told and "" not in told:
            best = min((route for route in served if route.app == app), key=lambda route: (len(route.path), route.path))
            yield PlainRoute(best.path, best.seen, app)


def _fit(path: str) -> bool:
    return bool(_PLAIN.fullmatch(path)) and not _UNFIT.search(path)
