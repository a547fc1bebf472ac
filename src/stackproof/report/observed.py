"""What claims have observed, read by its shape: a report shows what it knows how to draw and skips the rest."""

from collections.abc import Iterator, Mapping
from typing import Any

from stackproof.model.proof import Evidence, Record

Row = Mapping[str, Any]


def with_rows(record: Record, key: str, *fields: str) -> Iterator[tuple[Evidence, list[Row]]]:
    """Evidence that has observed a list of rows with all of these fields under this key."""
    for item in record.evidence:
        if item.measurement and (found := rows(item.measurement.observed, key, *fields)):
            yield item, found


def rows(where: Row, key: str, *fields: str) -> list[Row]:
    held = where.get(key)
    listed = held if isinstance(held, list) else []
    return [row for row in listed if isinstance(row, dict) and all(field in row for field in fields)]


def number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def seconds(value: object) -> Mapping[str, float]:
    """Times by name, from what should be an object of numbers."""
    held = value if isinstance(value, dict) else {}
    return {str(name): found for name, each in held.items() if (found := number(each)) is not None}
