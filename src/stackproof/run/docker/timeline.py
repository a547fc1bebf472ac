"""The engine's happenings into the stack's events: seconds since `up` began, restarts told from first starts."""

from collections.abc import Iterator, Sequence
from typing import Literal

from stackproof.model.running import Event
from stackproof.tools.docker.watch import Happening

_WHAT: dict[str, Literal["created", "started", "healthy", "unhealthy", "exited", "removed"]] = {
    "create": "created",
    "start": "started",
    "healthy": "healthy",
    "unhealthy": "unhealthy",
    "die": "exited",
    "destroy": "removed",
}


def events(happenings: Sequence[Happening], begun: int) -> tuple[Event, ...]:
    """Oldest first; `begun` by the engine's clock, in nanoseconds since 1970."""
    return tuple(_events(merged(happenings), begun))


def merged(*parts: Sequence[Happening]) -> tuple[Happening, ...]:
    """Several lists of the same stream, which may overlap, as one in order."""
    return tuple(sorted({happening for part in parts for happening in part}, key=lambda each: each.at))


def trouble(happenings: Sequence[Happening], known: frozenset[str], one_shot: frozenset[str]) -> Happening | None:
    """The first of a new container that ended or turned unhealthy; not one that was removed since.

    `known` were there before and may be replaced; a service of `one_shot` may end with code 0.
    """
    removed = {each.container for each in happenings if each.action == "destroy"}
    for each in happenings:
        if each.container in known | removed or each.action not in ("die", "unhealthy"):
            continue
        if each.action == "unhealthy" or each.service not in one_shot or each.detail != "exit code 0":
            return each
    return None


def _events(happenings: Sequence[Happening], begun: int) -> Iterator[Event]:
    started: set[str] = set()
    short_of_memory: set[str] = set()
    for each in happenings:
        at = max(0.0, (each.at - begun) / 1e9)
        if each.action == "oom":
            short_of_memory.add(each.container)
        elif each.action == "start" and each.container in started:
            yield Event(at, each.service, "restarted", replica=each.replica)
        elif what := _WHAT.get(each.action):
            out = ", out of memory" if what == "exited" and each.container in short_of_memory else ""
            yield Event(at, each.service, what, each.detail + out, each.replica)
        if each.action == "start":
            started.add(each.container)
            short_of_memory.discard(each.container)
