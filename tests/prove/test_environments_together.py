"""Three environments beside each other, apart and not."""

from dataclasses import replace
from typing import Any

import pytest

from stackproof.errors import NotHealthy, Taken, Unmeasurable, UserError
from stackproof.model.proof import Judgement, Measurement, Verdict
from stackproof.model.stack import Bounds, EnvironmentName
from stackproof.prove.environments_together import CLAIM
from tests.prove.fake_running import STACK, FakeBench, FakeRunning

NAMES = ("container", "network", "volume")


def running(environment: EnvironmentName) -> FakeRunning:
    taken: dict[str, tuple[str, ...]] = {kind: (f"shop-{environment}-{kind}",) for kind in NAMES}
    return FakeRunning(replace(STACK, environment=environment), taken=taken)


def bench(**others: FakeRunning | Exception) -> FakeBench:
    found: dict[EnvironmentName, FakeRunning | Exception] = {"dev": running("dev"), "stage": running("stage")}
    return FakeBench(running("prod"), beside={name: others.get(name, found[name]) for name in found})


def measured(given: FakeBench) -> Measurement:
    """All environments answer from one store: where a task is written, that is what must be found."""
    return CLAIM.measure(given, given.up.ask)


def judged(given: FakeBench) -> Judgement:
    return CLAIM.judge(measured(given), Bounds())


def without_task(given: FakeBench) -> FakeBench:
    given.up.stack = replace(given.up.stack, task=None)
    return given


def test_environments_that_are_apart() -> None:
    judgement = judged(without_task(bench()))
    assert judgement.verdict is Verdict.PROVED, judgement.because
    assert judgement.because == (
        "prod, dev, stage are up at once, share no container, no network, no volume, and each answers"
    )


def test_a_name_in_common() -> None:
    found = running("dev")
    found.taken["volume"] = ("shop-prod-volume",)
    judgement = judged(without_task(bench(dev=found)))
    assert judgement.because == "prod and dev share the volume shop-prod-volume"


@pytest.mark.parametrize(
    "problem", [Taken("port 8000 is in use", fix=""), NotHealthy("api exited\nits last line", fix="")]
)
def test_one_that_does_not_come_up_beside_the_others(problem: UserError) -> None:
    judgement = judged(bench(stage=problem))
    assert judgement.verdict is Verdict.REFUTED
    first = str(problem).splitlines()[0]
    assert judgement.because == f"stage could not be brought up beside prod, dev: {first}"


def test_a_variable_that_only_the_user_knows_is_no_collision() -> None:
    with pytest.raises(Unmeasurable, match="dev could not be brought up: KEY is not set"):
        measured(bench(dev=UserError("KEY is not set", fix="Set it.")))


def test_what_is_left_behind() -> None:
    found = running("dev")
    found.stays["network"] = ("shop-dev-network",)
    assert judged(without_task(bench(dev=found))).because == "network shop-dev-network of dev was left behind"


def test_one_that_does_not_answer() -> None:
    given = without_task(bench())
    given.up.redirects = True
    assert "api of prod answers /health with 307" in judged(given).because


def test_a_result_that_another_environment_shows() -> None:
    judgement = judged(bench())  # the fake answers for all of them from one store
    assert judgement.verdict is Verdict.REFUTED
    assert "the result of a task in one environment is seen in dev" in judgement.because


READ = {"what": "a note", "refusal": "", "here": {"status": 200, "body": "x"}}
APART = {"refused": "", "taken": {"prod": {}, "dev": {}}, "answers": [], "left": {}}


def told(status: int, body: str) -> dict[str, Any]:
    return {**READ, "there": [{"environment": "dev", "status": status, "body": body, "problem": ""}]}


@pytest.mark.parametrize(
    ("crossed", "verdict", "because"),
    [
        (told(404, ""), Verdict.PROVED, "a note seen in none of the others"),
        (told(200, "y"), Verdict.PROVED, "a note seen in none of the others"),
        (told(200, "x"), Verdict.REFUTED, "a note in one environment is seen in dev"),
        (told(401, ""), Verdict.UNMEASURED, "dev could not be asked for a note: 401"),
        (
            {"what": "a note", "refusal": "POST /notes was answered 500", "here": {}, "there": []},
            Verdict.REFUTED,
            "POST /notes was answered 500",
        ),
    ],
)
def test_what_the_others_say_of_it(crossed: dict[str, Any], verdict: Verdict, because: str) -> None:
    judgement = CLAIM.judge(Measurement("", "", {**APART, "crossed": [crossed]}), Bounds())
    assert judgement.verdict is verdict
    assert because in judgement.because
