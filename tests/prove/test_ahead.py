"""How far a proof is, in words."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from stackproof.prove import CLAIMS
from stackproof.prove.ahead import ahead

ASKED = tuple(replace(CLAIMS[0], id=f"SP{number}") for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("number", "seconds", "said"),
    [
        (1, {}, "1 of 3, then SP2"),
        (3, {}, "3 of 3, the last"),
        (1, {"SP1": 20.0, "SP2": 30.4, "SP3": 9.0}, "1 of 3, then SP2, at most 59 s left"),
        (2, {"SP1": 20.0, "SP2": 300.0, "SP3": 9.0}, "2 of 3, then SP3, at most 5 min left"),
        (2, {"SP1": 20.0, "SP2": 0.1}, "2 of 3, then SP3, at most 1 s left and 1 never timed here"),
        (3, {"SP1": 20.0}, "3 of 3, the last"),
    ],
)
def test_ahead(number: int, seconds: Mapping[str, float], said: str) -> None:
    assert ahead(ASKED[number - 1 :], len(ASKED), seconds) == said
