"""Every judgement in these tests is made twice: of the measurement as it is, and of what a record keeps of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps

import pytest

from stackproof.model.proof import Judgement, Measurement
from stackproof.model.stack import Bounds
from stackproof.prove import CLAIMS
from stackproof.report import record
from tests.report.sample import PROVED, RECORD

Judge = Callable[[Measurement, Bounds], Judgement]


def stored(measurement: Measurement) -> Measurement:
    """What is read back of it from record.json."""
    kept = replace(RECORD, evidence=(replace(PROVED, measurement=measurement),))
    (item,) = record.load(record.dump(kept).encode(), "record.json").evidence
    assert item.measurement
    return item.measurement


@pytest.fixture(scope="session", autouse=True)
def twice() -> Iterator[set[str]]:
    """The ids of the claims that were judged so."""
    seen: set[str] = set()
    for claim in CLAIMS:
        object.__setattr__(claim, "judge", _twice(claim.id, claim.judge, seen))
    yield seen
    for claim in CLAIMS:
        object.__setattr__(claim, "judge", claim.judge.__wrapped__)  # type: ignore[attr-defined]


def _twice(claim: str, judge: Judge, seen: set[str]) -> Judge:
    @wraps(judge)
    def both(measurement: Measurement, bounds: Bounds) -> Judgement:
        judgement = judge(measurement, bounds)
        assert judge(stored(measurement), bounds) == judgement, f"{claim}: its measurement does not survive JSON"
        seen.add(claim)
        return judgement

    return both


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who was judged is known when all others are done."""
    items.sort(key=lambda item: item.name == "test_every_claim_was_judged_from_a_stored_measurement_too")
