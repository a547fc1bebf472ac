"""What becomes of a claim: proved, refuted, unmeasured; and of all of them: an exit code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stackproof.errors import BuildFailed, Exit, NotHealthy, ToolFailed, Unmeasurable, UserError
from stackproof.model.proof import Claim, Evidence, Judgement, Measurement, Verdict
from stackproof.model.running import Bench, Progress
from stackproof.model.stack import Bounds
from stackproof.model.surroundings import Surroundings
from stackproof.prove import outcome, prove
from tests.prove.fakes import FakeBench, quiet

MEASUREMENT = Measurement("3 s", "with a clock", {"seconds": 3.0})


def _claim(problem: Exception | None = None, claim_id: str = "SP999-test") -> Claim:
    def measure(_: Bench) -> Measurement:
        if problem:
            raise problem
        return MEASUREMENT

    def judge(measured: Measurement, bounds: Bounds) -> Judgement:
        holds = measured.observed["seconds"] == 3.0
        return Judgement(Verdict.PROVED if holds else Verdict.REFUTED, "so", f"{bounds.ready_seconds:g} s")

    return Claim(claim_id, "image", "It holds.", measure, judge)


def _only(claim: Claim, place: Path) -> Evidence:
    return next(iter(prove([claim], FakeBench(place), quiet)))


def test_a_measured_claim_is_judged(tmp_path: Path) -> None:
    evidence = _only(_claim(), tmp_path)
    assert (evidence.verdict, evidence.because, evidence.limit) == (Verdict.PROVED, "so", "30 s")
    assert evidence.measurement is MEASUREMENT
    assert (evidence.claim, evidence.group, evidence.says) == ("SP999-test", "image", "It holds.")


@pytest.mark.parametrize(
    "problem", [ToolFailed("no git", fix="Install it."), Unmeasurable("no git", fix="Install it.")]
)
def test_a_tool_that_failed_leaves_the_claim_unmeasured(problem: Exception, tmp_path: Path) -> None:
    evidence = _only(_claim(problem), tmp_path)
    assert (evidence.verdict, evidence.because) == (Verdict.UNMEASURED, "no git. Install it.")
    assert evidence.measurement is None


@pytest.mark.parametrize(
    ("problem", "claim_id", "verdict"),
    [
        (BuildFailed("RUN false", fix=""), "SP201-build-time", Verdict.REFUTED),
        (BuildFailed("RUN false", fix=""), "SP101-clean-clone", Verdict.REFUTED),
        (BuildFailed("RUN false", fix=""), "SP202-image-size", Verdict.UNMEASURED),
        (NotHealthy("api exited", fix=""), "SP301-healthy-in-time", Verdict.REFUTED),
        (NotHealthy("api exited", fix=""), "SP306-ports", Verdict.UNMEASURED),
    ],
)
def test_a_stack_that_does_not_come_up_refutes_the_claim_about_that(
    problem: Exception, claim_id: str, verdict: Verdict, tmp_path: Path
) -> None:
    evidence = _only(_claim(problem, claim_id), tmp_path)
    assert evidence.verdict is verdict
    assert "could not be" in evidence.because
    assert str(problem) in evidence.because


@pytest.mark.parametrize("problem", [ZeroDivisionError("a bug"), UserError("port in use", fix="Free it.")])
def test_bugs_and_what_the_user_must_change_go_through(problem: Exception, tmp_path: Path) -> None:
    with pytest.raises(type(problem)):
        _only(_claim(problem), tmp_path)


def test_begin_and_end_of_every_claim_are_noted(tmp_path: Path) -> None:
    notes: list[Progress] = []
    list(prove([_claim(), _claim(ToolFailed("no git", fix=""), "SP9-next")], FakeBench(tmp_path), notes.append))
    assert [note.state for note in notes] == ["begun", "done", "begun", "done"]
    assert notes[-1].text == "unmeasured: no git"


def _evidence(claim: str, verdict: str) -> Evidence:
    """`excused` is said by a question mark: this runtime cannot measure it."""
    return Evidence(claim, "image", "", Verdict(verdict.rstrip("?")), "", "", 0.0, excused=verdict.endswith("?"))


@pytest.mark.parametrize(
    ("verdicts", "require_all", "code"),
    [
        ({"a": "proved"}, True, Exit.OK),
        ({"a": "proved", "b": "unmeasured?"}, False, Exit.OK),
        ({"a": "proved", "b": "unmeasured?"}, True, Exit.TOOL),
        ({"a": "proved", "b": "unmeasured"}, False, Exit.TOOL),
        ({"a": "proved", "b": "refuted", "c": "unmeasured"}, True, Exit.REFUTED),
        ({"a": "unmeasured?"}, False, Exit.TOOL),
        ({}, False, Exit.TOOL),
    ],
)
def test_outcome(verdicts: dict[str, str], require_all: bool, code: Exit) -> None:
    evidence = [_evidence(claim, verdict) for claim, verdict in verdicts.items()]
    assert outcome(evidence, require_all=require_all) is code


def _busy(*loads: float) -> Callable[[], Surroundings]:
    """One look before the claim and one after it; a minute lies between."""
    left = list(enumerate(loads))

    def look() -> Surroundings:
        minute, load = left.pop(0)
        return Surroundings(steady=60.0 * minute, wall=60.0 * minute, load=load, cores=2)

    return look


def _timed(claim_id: str, verdict: Verdict) -> Claim:
    def judge(_measured: Measurement, _bounds: Bounds) -> Judgement:
        return Judgement(verdict, "after 3 s", "2 s", timed=True)

    return Claim(claim_id, "running", "It is fast.", lambda _: MEASUREMENT, judge)


@pytest.mark.parametrize(
    ("loads", "would_be", "verdict", "said"),
    [
        ((0.5, 0.5), Verdict.REFUTED, Verdict.REFUTED, 0),
        ((12.0, 12.0), Verdict.REFUTED, Verdict.UNMEASURED, 1),
        ((12.0, 12.0), Verdict.PROVED, Verdict.PROVED, 1),
    ],
)
def test_a_time_over_its_limit_on_a_busy_machine_is_unmeasured_and_not_excused(
    loads: tuple[float, float], would_be: Verdict, verdict: Verdict, said: int, tmp_path: Path
) -> None:
    bench = FakeBench(tmp_path)
    (evidence,) = prove([_timed("SP999-test", would_be)], bench, quiet, look=_busy(*loads))
    assert (evidence.verdict, evidence.excused, len(evidence.disturbances)) == (verdict, False, said)
    assert ("disturbed: load 12.0 on 2 cores" in evidence.because) is (verdict is Verdict.UNMEASURED)
    assert evidence.measurement is MEASUREMENT


@pytest.mark.parametrize(("timed", "verdict"), [(True, Verdict.UNMEASURED), (False, Verdict.REFUTED)])
def test_a_service_that_exits_does_so_on_a_busy_machine_too(timed: bool, verdict: Verdict, tmp_path: Path) -> None:
    claim = _claim(NotHealthy("api exited", fix="", timed=timed), "SP301-healthy-in-time")
    (evidence,) = prove([claim], FakeBench(tmp_path), quiet, look=_busy(9.0, 9.0))
    assert evidence.verdict is verdict


def test_every_beginning_says_how_far_the_proof_is(tmp_path: Path) -> None:
    notes: list[Progress] = []
    seconds = {"SP999-test": 20.0}
    list(prove([_claim(), _claim(claim_id="SP9-next")], FakeBench(tmp_path), notes.append, seconds=seconds))
    assert [note.ahead for note in notes if note.state == "begun"] == [
        "1 of 2, then SP9-next, at most 20 s left and 1 never timed here",
        "2 of 2, the last",
    ]
    assert not any(note.ahead for note in notes if note.state == "done")
