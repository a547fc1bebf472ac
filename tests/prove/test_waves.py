"""Who may be struck at the same time."""

from dataclasses import replace

from stackproof.model.stack import Need
from stackproof.prove.waves import waves
from tests.prove.fake_running import API, REDIS, STACK, WORKER

PROXY = replace(API, name="proxy", role="proxy", needs=(Need("api"), Need("left-out")))


def test_whoever_needs_another_is_struck_in_another_wave() -> None:
    stack = replace(STACK, services=(PROXY, REDIS, API, WORKER))
    found = [[service.name for service in wave] for wave in waves(stack.services, stack)]
    assert found == [["proxy", "worker"], ["redis"], ["api"]]
