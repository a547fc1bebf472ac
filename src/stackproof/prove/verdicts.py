"""Judgements in short, and what a judge reads back from the observations it is given."""

from collections.abc import Iterable, Mapping
from typing import cast

from stackproof.model.proof import Json, Judgement, Measurement, Verdict

Row = Mapping[str, Json]


class Late(str):
    """A problem that is only that something took too long: on a busy machine it says nothing about the stack."""

    __slots__ = ()


def proved(because: str, limit: str = "", *, timed: bool = False) -> Judgement:
    return Judgement(Verdict.PROVED, because, limit, timed)


def refuted(because: str, limit: str = "") -> Judgement:
    """The words alone: a record holds plain text."""
    return Judgement(Verdict.REFUTED, str(because), limit, isinstance(because, Late))


def unmeasured(because: str, limit: str = "") -> Judgement:
    return Judgement(Verdict.UNMEASURED, because, limit)


def held(problems: Iterable[str], because: str, limit: str = "", *, timed: bool = False) -> Judgement:
    """Refuted by the first problems where there are any (three are enough to read), else proved.

    `timed`: proved by times that were within the limit. A refutation is that where all its problems are `Late`.
    """
    found = tuple(problems)
    if not found:
        return proved(because, limit, timed=timed)
    more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
    words = "; ".join(found[:3]) + more
    return refuted(Late(words) if all(isinstance(each, Late) for each in found) else words, limit)


def rows(measurement: Measurement, key: str) -> tuple[Row, ...]:
    return rows_in(measurement.observed, key)


def rows_in(row: Row, key: str) -> tuple[Row, ...]:
    return tuple(cast(Row, item) for item in cast(list[Json], row[key]))


def row_in(row: Row, key: str) -> Row | None:
    return cast(Row | None, row[key])


def texts(row: Row, key: str) -> tuple[str, ...]:
    return tuple(str(item) for item in cast(list[Json], row[key]))


def text(row: Row, key: str) -> str:
    return str(row[key])


def number(row: Row, key: str) -> float | None:
    return cast(float | None, row[key])


def whole(row: Row, key: str) -> int | None:
    return cast(int | None, row[key])
