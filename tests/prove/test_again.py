"""A stored record judged again: other limits, other verdicts; and what cannot be judged says so."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from stackproof.model.proof import Evidence, Measurement, Verdict
from stackproof.model.stack import Bounds
from stackproof.model.surroundings import Disturbance
from stackproof.prove import CLAIMS
from stackproof.prove.again import judged
from tests.report.sample import RECORD, UNMEASURED

SIZES: Mapping[str, object] = {
    "images": [{"name": "app", "bytes": 200_000_000, "control_bytes": 300_000_000, "layers": []}],
}
TIMES: Mapping[str, object] = {"images": [{"name": "app", "cold_seconds": 40.0, "warm_seconds": 1.0}]}


def item(claim: str, observed: Mapping[str, object], *disturbances: Disturbance) -> Evidence:
    measurement = Measurement("", "", observed)
    return Evidence(claim, "image", "It is.", Verdict.PROVED, "so", "", 1.0, measurement, disturbances=disturbances)


def again(evidence: Evidence, bounds: Bounds | None = None) -> Evidence:
    given = bounds or Bounds()
    found = judged(replace(RECORD, evidence=(evidence,)), CLAIMS, given)
    assert found.bounds == given
    return found.evidence[0]


@pytest.mark.parametrize(("limit", "verdict"), [(250_000_000, Verdict.PROVED), (199_999_999, Verdict.REFUTED)])
def test_other_limits_are_other_verdicts(limit: int, verdict: Verdict) -> None:
    assert again(item("SP202-image-size", SIZES), Bounds(image_bytes=limit)).verdict is verdict


def test_what_was_not_measured_stays_as_it_was() -> None:
    assert again(UNMEASURED) == UNMEASURED


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("SP998-gone", "this version of stackproof has no such claim; it was proved"),
        ("SP202-image-size", "the stored measurement holds no 'images', which this version judges by"),
    ],
)
def test_what_cannot_be_judged_is_unmeasured_and_never_excused(claim: str, words: str) -> None:
    found = again(replace(item(claim, {}), excused=True))
    assert (found.verdict, found.excused) == (Verdict.UNMEASURED, False)
    assert words in found.because


def test_what_disturbed_the_measurement_disturbs_a_tighter_limit_too() -> None:
    busy = item("SP201-build-time", TIMES, Disturbance("load", "load 9.0 on 2 cores"))
    assert again(busy, Bounds(build_seconds=30.0)).verdict is Verdict.UNMEASURED
    assert again(replace(busy, disturbances=()), Bounds(build_seconds=30.0)).verdict is Verdict.REFUTED


def test_every_claim_was_judged_from_a_stored_measurement_too(twice: set[str], request: pytest.FixtureRequest) -> None:
    """Stands at the end of the run; a run of some files only has not judged all."""
    here = {each.path for each in request.session.items}
    if not set(request.path.parent.glob("test_*.py")) <= here:
        pytest.skip("only some of the tests run")
    assert {claim.id for claim in CLAIMS} - twice == set()
