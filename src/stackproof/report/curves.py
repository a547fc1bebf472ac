"""Load as claims have measured it, second by second."""

from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.model.proof import Evidence, Record
from stackproof.report.observed import Row, number, rows, with_rows

_FIELDS = ("second", "requests", "errors", "p50_ms", "p99_ms")


@dataclass(frozen=True)
class Point:
    second: float
    requests: float
    errors: float
    p50: float | None  # milliseconds; None where no request was answered
    p99: float | None


@dataclass(frozen=True)
class Window:
    """Seconds in which something was broken."""

    begins: float
    ends: float
    what: str = "fault"


@dataclass(frozen=True)
class Curve:
    claim: str
    says: str
    points: tuple[Point, ...]
    windows: tuple[Window, ...]


def curves(record: Record) -> tuple[Curve, ...]:
    return tuple(_curve(item, [[row[name] for name in _FIELDS] for row in found])
                 for item, found in with_rows(record, "series", *_FIELDS))  # fmt: skip


def _curve(item: Evidence, found: list[list[object]]) -> Curve:
    observed: Row = item.measurement.observed if item.measurement else {}
    points = [
        Point(number(second) or 0.0, number(requests) or 0.0, number(errors) or 0.0, number(p50), number(p99))
        for second, requests, errors, p50, p99 in found
    ]
    return Curve(
        item.claim,
        item.says,
        tuple(sorted(points, key=lambda point: point.second)),
        tuple(_windows(observed)),
    )


def _windows(observed: Row) -> Iterator[Window]:
    """One for the whole, or one for each replica that was restarted."""
    for row in (observed, *rows(observed, "restarted", "from", "until")):
        begins, ends = number(row.get("from")), number(row.get("until"))
        if begins is not None and ends is not None:
            yield Window(
                begins, ends, " ".join(str(row[key]) for key in ("service", "replica") if key in row) or "fault"
            )
