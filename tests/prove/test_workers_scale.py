"""Tasks over one, two and four workers, whole and broken."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

import pytest

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Judgement, Verdict
from stackproof.model.running import ServiceState
from stackproof.model.stack import Bounds
from stackproof.prove import workers_scale
from tests.prove.fake_running import API, REDIS, STACK, TASK, WORKER, FakeBench, FakeRunning

CLAIM = workers_scale.CLAIM
SEVERAL = replace(STACK, services=(REDIS, API, replace(WORKER, replicas=2)))
LINE = "Task shop.a[01234567-89ab-cdef-0123-456789abcdef] received\n"


@dataclass
class Scaled(FakeRunning):
    """Messages go to each container of the worker in turn, but not to idle ones."""

    containers: int = 2
    idle: int = 0
    most: int = 9
    quick: float = 0.1

    def states(self) -> tuple[ServiceState, ...]:
        others = tuple(state for state in super().states() if state.name != "worker")
        found = range(1, self.containers + 1)
        return (*others, *(ServiceState("worker", "running", "healthy", replica=each) for each in found))

    def scaled(self, service: str) -> AbstractContextManager[Callable[[int], str]]:
        return self._for_a_while(service)

    @contextmanager
    def _for_a_while(self, service: str) -> Iterator[Callable[[int], str]]:
        assert service == "worker"
        yield self._to
        self.containers = 2

    def _to(self, number: int) -> str:
        if number > self.most:
            return "remove the custom name to scale the service"
        self.containers = number
        return ""

    def logs(self, service: str, replica: int = 1) -> str:
        assert service == "worker"
        busy = max(self.containers - self.idle, 1)
        return LINE * (len(self.tasks) // busy) if replica <= busy else ""


def judged(up: FakeRunning) -> Judgement:
    found = CLAIM.measure(FakeBench(up), up.ask)
    return CLAIM.judge(replace(found, observed=json.loads(json.dumps(found.observed))), Bounds())


def test_each_of_them_works_and_each_task_is_done_once() -> None:
    up = Scaled(SEVERAL)
    judgement = judged(up)
    assert judgement.verdict is Verdict.PROVED, judgement.because
    assert "worker in 4: " in judgement.because
    assert "tasks/s" in judgement.because
    assert judgement.because.endswith("each done once")
    assert up.containers == 2


def test_without_a_count_nothing_is_said_about_it() -> None:
    up = Scaled(replace(SEVERAL, task=replace(TASK, count_field=None)), doubles=True)
    assert judged(up).because.endswith("all done")


BROKEN = (
    (Scaled(SEVERAL, most=1), "worker in 2 cannot be: remove the custom name"),
    (Scaled(SEVERAL, stays_red=frozenset({"worker"})), "worker in 1 was not healthy within 120 s"),
    (Scaled(SEVERAL, idle=1), "worker in 4: 1 of 4 took none of 16 tasks"),
    (Scaled(SEVERAL, quick=20.0), "tasks were not done after 120 s but"),
    (
        Scaled(replace(SEVERAL, task=replace(TASK, id_field="none"))),
        "worker in 1: 16 of 16 tasks were not accepted: POST /tasks was answered 202",
    ),
)


@pytest.mark.parametrize(("up", "because"), BROKEN, ids=[why for _, why in BROKEN])
def test_a_broken_stack_is_refuted_by_its_cause(up: Scaled, because: str) -> None:
    judgement = judged(up)
    assert judgement.verdict is Verdict.REFUTED
    assert because in judgement.because


def test_what_is_done_twice_is_counted() -> None:
    up = Scaled(SEVERAL)
    found = CLAIM.measure(FakeBench(up), up.ask)
    rows = [{**row, "not_once": 3} for row in found.observed["rows"]]
    judgement = CLAIM.judge(replace(found, observed={**found.observed, "rows": [*rows]}), Bounds())
    assert "worker in 1: 3 of 16 tasks were done, but not once" in judgement.because


def test_it_is_about_workers_of_which_there_may_be_several() -> None:
    assert CLAIM.applies(SEVERAL)
    assert not CLAIM.applies(STACK)
    with pytest.raises(Unmeasurable, match="of which there may be several"):
        CLAIM.measure(FakeBench(FakeRunning(STACK)))
