"""Health routes of the web application, with the prefixes of the routers that hold them.

`live`, `livez`, `alive`, `ping` say that the process answers: live. `ready`, `readyz` say that it can work: ready.
A plain `health` is ready if its function, or a function of the project that it calls, can answer 503, or if another
route says live.
"""

import ast
import re
from collections.abc import Iterator
from typing import Literal

from stackproof.detect import code, routes, web
from stackproof.detect.code import Code
from stackproof.detect.modules import Function, walk
from stackproof.detect.routes import Route
from stackproof.model.facts import Ambiguity, Fact, HealthRoute
from stackproof.model.source import SourceTree

_LIVE = re.compile(r"^(?:live|livez|liveness|alive|ping|__lbheartbeat__)$")
_READY = re.compile(r"^(?:ready|readyz|readiness|__heartbeat__)$")
_PLAIN = re.compile(r"^_?(?:health|healthz|healthy|healthcheck|health[-_]check|_health|heartbeat|ht)$")
_FAILING = frozenset({503, "503", "HTTP_503_SERVICE_UNAVAILABLE", "SERVICE_UNAVAILABLE"})

Kind = Literal["live", "ready"]


def detect(tree: SourceTree) -> Iterator[Fact]:
    """Ready routes after live ones; of each kind the shortest path first."""
    known = code.read(tree)
    found = [(route, kind) for route in routes.served(known) if (kind := _said(route))]
    alive = {route.app for route, kind in found if kind == "live"}
    facts = [_fact(known, route, kind, route.app in alive) for route, kind in found]
    facts.sort(key=lambda fact: (fact.kind, len(fact.path), fact.path))
    yield from facts
    for app in dict.fromkeys(fact.app for fact in facts):
        for wanted in ("live", "ready"):
            same = [fact for fact in facts if (fact.app, fact.kind) == (app, wanted)]
            if len({fact.path for fact in same}) > 1:
                yield _ambiguity(same, _service(tree, app))
    yield from (_unplaced(route) for route in routes.unplaced(known) if _said(route))


def _fact(known: Code, route: Route, said: str, says_live: bool) -> HealthRoute:
    return HealthRoute(route.path, _decided(known, route, said, says_live), route.seen, route.app)


def _service(tree: SourceTree, app: str) -> str:
    """The first application is the service "api"; the settings give others their names."""
    return "api" if app in ("", web.found(tree)[0].target) else "NAME"


def _said(route: Route) -> Literal["live", "ready", "plain"] | None:
    """What the last part of a path says."""
    last = route.path.rstrip("/").rpartition("/")[2].lower()
    if _LIVE.match(last):
        return "live"
    if _READY.match(last):
        return "ready"
    return "plain" if _PLAIN.match(last) else None


def _decided(known: Code, route: Route, said: str, says_live: bool) -> Kind:
    if said in ("live", "ready"):
        return "live" if said == "live" else "ready"
    return "ready" if says_live or _can_fail(known, route) else "live"


def _can_fail(known: Code, route: Route) -> bool:
    home, function = route.view or (None, None)
    if not home or not function:
        return route.checks
    called = (known.meaning(home, node.func) for node in walk(function) if isinstance(node, ast.Call))
    inner = [known.function(name) for name in called if name]
    return any(_says_503(node) for _, node in [(home, function), *(item for item in inner if item)])


def _says_503(function: Function) -> bool:
    for node in walk(function):
        said = getattr(node, "attr", getattr(node, "value", None))
        if isinstance(said, str | int) and said in _FAILING:
            return True
    return False


def _unplaced(route: Route) -> Ambiguity:
    return Ambiguity(
        about="health route",
        chosen="not used",
        candidates=(route.path,),
        because="its router is included while the program runs, so the whole path is not known",
        setting=f'services.api.health = "{route.path}"',
        seen=route.seen,
    )


def _ambiguity(same: list[HealthRoute], service: str) -> Ambiguity:
    return Ambiguity(
        about=f"health route ({same[0].kind})",
        chosen=same[0].path,
        candidates=tuple(fact.path for fact in same),
        because="the shortest path was taken",
        setting=f'services.{service}.health = "{same[0].path}"',
        seen=same[0].seen,
    )
