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


def test_what_is_wrong_is_said(right: str, wrong: str, said: str) -> None:
    assert SMALL.count(right) == 1
    assert any(problem.startswith(said) for problem in offences(SMALL.replace(right, wrong), {"X": 4}))
