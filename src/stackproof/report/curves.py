"""Load as claims have measured it, second by second."""

from dataclasses import dataclass

from stackproof.model.proof import Evidence, Record
from stackproof.report.observed import number, with_rows

_FIELDS = ("second", "requests", "errors", "p50_ms", "p99_ms")


@dataclass(frozen=True)
class Point:
    second: float
    requests: float
    errors: float
    p50: float | None  # milliseconds; None where no request was answered
    p99: float | None


@dataclass(frozen=True)
class Curve:
    claim: str
    says: str
    points: tuple[Point, ...]
    begins: float | None  # seconds: the time in which something was broken
    ends: float | None


def curves(record: Record) -> tuple[Curve, ...]:
    return tuple(_curve(item, [[row[name] for name in _FIELDS] for row in found])
                 for item, found in with_rows(record, "series", *_FIELDS))  # fmt: skip


def _curve(item: Evidence, found: list[list[object]]) -> Curve:
    observed = item.measurement.observed if item.measurement else {}
    points = [
        Point(number(second) or 0.0, number(requests) or 0.0, number(errors) or 0.0, number(p50), number(p99))
        for second, requests, errors, p50, p99 in found
    ]
    return Curve(
        item.claim,
        item.says,
        tuple(sorted(points, key=lambda point: point.second)),
        number(observed.get("from")),
        number(observed.get("until")),
    )
