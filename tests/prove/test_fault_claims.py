"""Fault claims, measured on a stack whose time is ours, healthy and broken."""

from dataclasses import replace

import pytest

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.proof import Claim, Judgement, Measurement, Verdict
from stackproof.model.stack import CeleryPlan
from stackproof.prove import dependency_loss, graceful_stop, worker_killed
from tests.prove.fake_running import STACK, TASK, FakeBench, FakeRunning

CLAIMS = (dependency_loss.CLAIM, graceful_stop.CLAIM, worker_killed.CLAIM)


def measured(claim: Claim, up: FakeRunning) -> Measurement:
    if claim is dependency_loss.CLAIM:
        return claim.measure(FakeBench(up))
    return claim.measure(FakeBench(up), up.ask)


def judged(claim: Claim, up: FakeRunning) -> Judgement:
    return claim.judge(measured(claim, up), up.stack.bounds)


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.id for claim in CLAIMS])
def test_a_healthy_stack_is_proved_and_everything_is_put_back(claim: Claim) -> None:
    up = FakeRunning()
    judgement = judged(claim, up)
    assert judgement.verdict is Verdict.PROVED, judgement.because
    assert not up.gone


def test_the_loss_of_every_dependency_is_reported_with_the_words_of_the_health_check() -> None:
    because = judged(dependency_loss.CLAIM, FakeRunning()).because
    assert 'without redis, api is red after 6.0 s, saying 503 {"failing": "redis"}; green 3.0 s' in because
    assert "without redis, worker is red after 6.0 s; green" in because
    assert "without the file @{volume.data}/app.db, api is red" in because


BROKEN = (
    (
        dependency_loss.CLAIM,
        FakeRunning(stays_green=frozenset({"api"})),
        "the health of api stayed green for 31 s without redis (503",
    ),
    (
        dependency_loss.CLAIM,
        FakeRunning(stays_green=frozenset({"worker"})),
        "worker stayed green for 41 s without redis",
    ),
    (dependency_loss.CLAIM, FakeRunning(down_status=200), "without redis, api answers 200"),
    (dependency_loss.CLAIM, FakeRunning(stays_red=frozenset({"worker"})), "worker did not turn green within"),
    (graceful_stop.CLAIM, FakeRunning(eats_term=frozenset({"api"})), "the request in flight was answered 0 (RemoteDis"),
    (graceful_stop.CLAIM, FakeRunning(eats_term=frozenset({"worker"})), "worker did not end within its grace of 15 s"),
    (graceful_stop.CLAIM, FakeRunning(loses=True), "the task in flight was lost: queued 65 s after SIGTERM to worker"),
    (graceful_stop.CLAIM, FakeRunning(doubles=True), "the task in flight was done 2 times (completions)"),
    (worker_killed.CLAIM, FakeRunning(loses=True), "the task of the killed worker was lost: queued after 65 s"),
    (worker_killed.CLAIM, FakeRunning(doubles=True), "1 of 6 tasks were done, but not once: completions says 2"),
    (worker_killed.CLAIM, FakeRunning(restarts_killed=False), "worker did not come back within 120 s"),
)


@pytest.mark.parametrize(("claim", "up", "because"), BROKEN, ids=[f"{claim.id}: {why}" for claim, _, why in BROKEN])
def test_a_broken_stack_is_refuted_by_its_cause(claim: Claim, up: FakeRunning, because: str) -> None:
    judgement = judged(claim, up)
    assert judgement.verdict is Verdict.REFUTED
    assert because in judgement.because


def test_a_message_that_stays_hidden_for_an_hour_is_named_after_a_bounded_time() -> None:
    hour = CeleryPlan("shop", "app", (), True, 10.0, visibility_timeout=3600.0)
    up = FakeRunning(replace(STACK, celery=hour), loses=True)
    judgement = judged(worker_killed.CLAIM, up)
    assert "its message stays hidden for 3600 s (visibility_timeout)" in judgement.because
    assert up.clock < 180


@pytest.mark.parametrize("claim", CLAIMS[1:], ids=[claim.id for claim in CLAIMS[1:]])
def test_a_task_that_is_too_short_to_be_broken_stays_unmeasured(claim: Claim) -> None:
    with pytest.raises(Unmeasurable) as caught:
        measured(claim, FakeRunning(slow=0.0))
    assert "slow_repeat" in caught.value.fix


@pytest.mark.parametrize("claim", CLAIMS[1:], ids=[claim.id for claim in CLAIMS[1:]])
def test_on_a_quick_machine_a_longer_task_is_tried(claim: Claim) -> None:
    assert judged(claim, FakeRunning(slow=0.6)).verdict is Verdict.PROVED


@pytest.mark.parametrize("claim", CLAIMS[1:], ids=[claim.id for claim in CLAIMS[1:]])
@pytest.mark.parametrize("task", [None, replace(TASK, slow_field=None)])
def test_no_recipe_for_a_long_task_stays_unmeasured(claim: Claim, task: None) -> None:
    with pytest.raises(Unmeasurable):
        measured(claim, FakeRunning(replace(STACK, task=task)))


@pytest.mark.parametrize("claim", CLAIMS[1:], ids=[claim.id for claim in CLAIMS[1:]])
def test_a_task_that_never_begins_is_named(claim: Claim) -> None:
    judgement = judged(claim, FakeRunning(free_at=1000.0))
    assert judgement.verdict is Verdict.REFUTED
    assert "the long task was not processing within 60 s" in judgement.because


def test_nothing_to_lose_stays_unmeasured() -> None:
    with pytest.raises(Unmeasurable):
        measured(dependency_loss.CLAIM, FakeRunning(replace(STACK, services=STACK.services[1:], sqlite=())))


@pytest.mark.parametrize("claim", CLAIMS[:2], ids=[claim.id for claim in CLAIMS[:2]])
def test_everything_is_put_back_where_the_engine_fails_in_between(claim: Claim) -> None:
    up = FakeRunning(breaks="stop")
    with pytest.raises(ToolFailed):
        measured(claim, up)
    assert not up.gone
    assert up.back
