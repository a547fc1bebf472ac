"""A disturbed measurement says so, and never refutes: which disturbance explains which verdict."""

from dataclasses import replace

import pytest

from stackproof.model.proof import Judgement, Measurement, Verdict
from stackproof.model.running import Completed
from stackproof.model.surroundings import Disturbance, Surroundings
from stackproof.prove import disturbed
from stackproof.prove.verdicts import Late, held, proved, refuted

CALM = Surroundings(steady=100.0, wall=5_000.0, load=0.5, cores=2, stolen=7.0, engine="1")
NOTHING = Measurement("", "", {})
LOAD = Disturbance("load", "load 12.0 on 2 cores")
STOLEN = Disturbance("stolen", "the hypervisor kept 30% of the processor time")
CLOCK = Disturbance("clock", "the clock jumped by +60.0 s, or the machine slept")
ENGINE = Disturbance("engine", "the container engine was restarted")

LATE = refuted(Late("healthy only after 40 s"), "30 s")
ROOT = refuted("it runs as root")
FAST = proved("healthy after 4 s", "30 s", timed=True)
FINE = proved("it runs as 10001")


def after(seconds: float, **changed: float | str) -> Surroundings:
    later = replace(CALM, steady=CALM.steady + seconds, wall=CALM.wall + seconds)
    return replace(later, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (after(30.0), []),
        (after(0.0), []),
        (after(30.0, wall=CALM.wall + 30.9), []),  # pulled straight by a time server
        (after(5.0, load=2.0), []),
        (after(5.0, load=2.1), ["load 2.1 on 2 cores"]),
        (after(60.0, load=7.77), ["load 12.0 on 2 cores"]),  # 0.5 fading, 12 coming: 0.5 / e + 12 (1 - 1 / e)
        (after(600.0, load=1.9), []),
        (after(10.0, stolen=9.0), []),
        (after(10.0, stolen=13.0), ["the hypervisor kept 30% of the processor time"]),
        (after(10.0, wall=CALM.wall + 70.0), ["the clock jumped by +60.0 s, or the machine slept"]),
        (after(10.0, wall=CALM.wall - 50.0), ["the clock jumped by -60.0 s, or the machine slept"]),
        (after(10.0, engine="2"), ["the container engine was restarted"]),
        (after(10.0, engine="2", load=9.0, cores=1), ["load 9.0 on 1 core", "the container engine was restarted"]),
    ],
)
def test_what_went_on_meanwhile(seen: Surroundings, said: list[str]) -> None:
    found = [each.said for each in disturbed.between(CALM, seen)]
    assert len(found) == len(said)
    assert all(one.startswith(other) for one, other in zip(found, said, strict=True))


def test_one_core_is_no_cores() -> None:
    (found,) = disturbed.between(CALM, after(1.0, load=3.0, cores=1))
    assert found.said == "load 3.0 on 1 core"


@pytest.mark.parametrize(
    ("judgement", "disturbance", "group", "stays"),
    [
        (FAST, LOAD, "running", True),  # proved in spite of it
        (LATE, LOAD, "running", False),
        (LATE, STOLEN, "running", False),
        (ROOT, LOAD, "running", True),  # root on a busy machine, too
        (FAST, CLOCK, "running", False),  # its times are wrong
        (FINE, CLOCK, "image", True),
        (ROOT, CLOCK, "image", False),
        (ROOT, CLOCK, "source", True),
        (FAST, ENGINE, "running", True),
        (ROOT, ENGINE, "running", False),
        (ROOT, ENGINE, "source", True),
    ],
)
def test_only_what_may_explain_a_verdict_takes_it_away(
    judgement: Judgement, disturbance: Disturbance, group: str, stays: bool
) -> None:
    found = disturbed.weighed(judgement, group, NOTHING, (disturbance,))
    if stays:
        assert found == judgement
    else:
        words = f"disturbed: {disturbance.said}. Otherwise it would be {judgement.verdict}: {judgement.because}"
        assert (found.verdict, found.because, found.limit) == (Verdict.UNMEASURED, words, judgement.limit)


def test_unmeasured_stays_unmeasured_with_its_own_reason() -> None:
    nobody = Judgement(Verdict.UNMEASURED, "no git")
    assert disturbed.weighed(nobody, "running", NOTHING, (LOAD, CLOCK, ENGINE)) == nobody


@pytest.mark.parametrize(("judgement", "stays"), [(ROOT, False), (FINE, True)])
def test_a_time_limit_of_our_own_refutes_nothing(judgement: Judgement, stays: bool) -> None:
    measured = Measurement("", "", {}, (Completed(("docker", "run"), None, 20.0, ""),))
    found = disturbed.weighed(judgement, "image", measured, ())
    assert (found == judgement) is stays
    assert stays or "our time limit ended docker" in found.because


def test_one_problem_that_is_not_about_time_is_enough_to_refute_on_a_busy_machine() -> None:
    late, mixed = held([Late("slow")], ""), held([Late("slow"), "it runs as root"], "")
    assert (late.timed, mixed.timed, held([], "good", timed=True).timed) == (True, False, True)


def test_what_was_too_late_is_plain_text_in_a_record() -> None:
    judgement = held([Late("it took 9 s")], "")
    assert judgement.timed
    assert type(judgement.because) is str
