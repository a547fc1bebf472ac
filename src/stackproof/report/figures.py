"""The measured numbers that two proofs of the same stack can be compared by: sizes of images, seconds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stackproof.model.proof import Evidence

Unit = Literal["bytes", "s"]


@dataclass(frozen=True)
class Figure:
    """One number, less of which is better."""

    claim: str
    name: str  # "app, cold build"
    value: float
    unit: Unit


@dataclass(frozen=True)
class _Found:
    """Where a claim keeps a number: in each row of a list of its observations, or, without one, at their top."""

    rows: str
    label: str  # field that says whose number it is
    field: str
    says: str
    unit: Unit = "s"


# How long a fault lasted until somebody saw it follows the probes' intervals, and is no figure of the stack's speed.
_FIGURES: Mapping[str, tuple[_Found, ...]] = {
    "SP201-build-time": (
        _Found("images", "name", "cold_seconds", "cold build"),
        _Found("images", "name", "warm_seconds", "warm build"),
    ),
    "SP202-image-size": (_Found("images", "name", "bytes", "image", "bytes"),),
    "SP301-healthy-in-time": (_Found("services", "name", "healthy", "healthy"),),
    "SP307-task-round-trip": (_Found("", "", "seconds", "task"),),
    "SP308-queues-consumed": (_Found("queues", "queue", "seconds", "message consumed"),),
    "SP325-hot-reload": (_Found("seen", "service", "seconds", "change served"),),
    "SP402-graceful-stop": (_Found("", "", "request.seconds", "gone after SIGTERM"),),
    "SP403-worker-killed": (_Found("workers", "service", "seconds", "back after the kill"),),
}


def figures(item: Evidence) -> Iterator[Figure]:
    """Those of one claim; none where it was not measured."""
    if item.measurement is None:
        return
    for found in _FIGURES.get(item.claim, ()):
        for label, row in _rows(item.measurement.observed, found):
            value = _in(row, found.field)
            if isinstance(value, int | float):
                yield Figure(item.claim, f"{label}, {found.says}" if label else found.says, float(value), found.unit)


def _rows(observed: Mapping[str, Any], found: _Found) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not found.rows:
        yield "", observed
    for row in observed.get(found.rows, ()):
        yield str(row.get(found.label, "")), row


def _in(row: Mapping[str, Any], path: str) -> object:
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
