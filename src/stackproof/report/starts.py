"""The first start of each service: when it started, when it was healthy."""

from dataclasses import dataclass

from stackproof.model.proof import Record


@dataclass(frozen=True)
class Start:
    """Seconds since the stack was asked to start."""

    name: str
    started: float
    ready: float | None  # None: it has no health check
    waits: tuple[str, ...]


def starts(record: Record) -> list[Start]:
    found = []
    for note in record.services:
        mine = [event for event in record.timeline if event.service == note.name]
        started = next((event.at for event in mine if event.what == "started"), None)
        if started is not None:
            ready = next((event.at for event in mine if event.what == "healthy" and event.at >= started), None)
            found.append(Start(note.name, started, ready, note.needs))
    return sorted(found, key=lambda start: start.started)


def all_healthy(record: Record) -> float | None:
    """Seconds until the last service that has a health check was healthy."""
    return max((start.ready for start in starts(record) if start.ready is not None), default=None)
