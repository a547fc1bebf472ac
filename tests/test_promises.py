"""docs/promises.md is whole: every promise once, each with something behind it that is there, and counted right."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from stackproof.prove import CLAIMS

REPOSITORY = Path(__file__).parents[1]
LAST: Mapping[str, int] = {"A": 54, "B": 63, "C": 57, "D": 80, "E": 73}  # the ids run from 1 to this in each document
VERDICTS = ("proved", "tested", "superseded", "unmeasured")
FEWEST_WORDS = 4  # of a reason

KNOWN = {claim.id.partition("-")[0] for claim in CLAIMS}

_ROW = re.compile(r"^\| ([A-Z]+\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_COUNTS = re.compile(r"^\| [^|]+ ((?:\| \d+ )+)\|$", re.MULTILINE)
_CLAIM = re.compile(r"\bSP\d+\b")
_FILE = re.compile(r"`((?:benchmarks|docs|examples|scripts|src|tests)/[^`]*)`")


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    verdict: str
    by: str


def offences(text: str, last: Mapping[str, int]) -> Iterator[str]:
    rows = [Row(*found) for found in _ROW.findall(text)]
    yield from _ids([row.id for row in rows], [f"{group}{n}" for group in last for n in range(1, last[group] + 1)])
    for row in rows:
        yield from (f"{row.id}: {problem}" for problem in _row(row))
    said = [tuple(int(number) for number in re.findall(r"\d+", found)) for found in _COUNTS.findall(text)]
    if said != (counted := _counts(rows, last)):
        yield f"the numbers are {counted} and not {said}"


def _ids(found: list[str], wanted: list[str]) -> Iterator[str]:
    times = Counter(found)
    yield from (f"{one} is there {times[one]} times" for one in wanted if times[one] != 1)
    yield from (f"{one} is no promise" for one in times if one not in wanted)


def _row(row: Row) -> Iterator[str]:
    claims, files = _CLAIM.findall(row.by), _FILE.findall(row.by)
    if row.verdict not in VERDICTS:
        yield f"{row.verdict} is no verdict"
    if row.verdict == "proved" and not claims:
        yield "names no claim"
    if row.verdict == "tested" and not files:
        yield "names no file"
    if row.verdict in ("superseded", "unmeasured") and len(row.by.split()) < FEWEST_WORDS:
        yield "gives no reason"
    yield from (f"{claim} is no claim" for claim in claims if claim not in KNOWN)
    yield from (f"{file} is not there" for file in files if not (REPOSITORY / file).exists())


def _counts(rows: list[Row], last: Mapping[str, int]) -> list[tuple[int, ...]]:
    """All promises of a document, then those of each verdict; in the end the same of all documents."""
    groups = [[row for row in rows if row.id.startswith(group)] for group in last]
    return [(len(some), *(sum(row.verdict == each for row in some) for each in VERDICTS)) for some in (*groups, rows)]


def test_every_promise_has_something_behind_it() -> None:
    assert not list(offences((REPOSITORY / "docs" / "promises.md").read_text("utf-8"), LAST))


def test_there_are_327() -> None:
    assert sum(LAST.values()) == 327


SMALL = """
| document | promises | proved | tested | superseded | unmeasured |
|---|---|---|---|---|---|
| X. shop | 4 | 1 | 1 | 1 | 1 |
| all | 4 | 1 | 1 | 1 | 1 |

| id | promise | verdict | by |
|---|---|---|---|
| X1 | small | proved | SP202 (of the image) |
| X2 | tidy | tested | `tests/test_layers.py` |
| X3 | loud | superseded | it is quiet at night |
| X4 | far | unmeasured | needs a longer rope |
"""


def test_a_page_may_be_small() -> None:
    assert not list(offences(SMALL, {"X": 4}))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("| X2 |", "| X1 |", "X2 is there 0 times"),
        ("| X2 |", "| X1 |", "X1 is there 2 times"),
        ("| X4 |", "| X5 |", "X5 is no promise"),
        ("| far |", "| far | off |", "X4 is there 0 times"),
        ("proved | SP202", "kept | SP202", "X1: kept is no verdict"),
        ("SP202", "SP999", "X1: SP999 is no claim"),
        ("SP202", "seen", "X1: names no claim"),
        ("quiet at", "SP999 at", "X3: SP999 is no claim"),
        ("tests/test_layers.py", "tests/test_gone.py", "X2: tests/test_gone.py is not there"),
        ("`tests/test_layers.py`", "a test", "X2: names no file"),
        ("it is quiet at night", "it is quiet", "X3: gives no reason"),
        ("needs a longer rope", "later", "X4: gives no reason"),
        ("| all | 4 | 1 ", "| all | 4 | 2 ", "the numbers are [(4, 1, 1, 1, 1), (4, 1, 1, 1, 1)]"),
        ("| X. shop | 4 | 1 | 1 | 1 | 1 |\n", "", "the numbers are"),
    ],
)
def test_what_is_wrong_is_said(right: str, wrong: str, said: str) -> None:
    assert SMALL.count(right) == 1
    assert any(problem.startswith(said) for problem in offences(SMALL.replace(right, wrong), {"X": 4}))
