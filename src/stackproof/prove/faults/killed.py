"""SIGKILL to all processes of a service at once, as the kernel's memory killer sends it."""

from collections.abc import Iterator
from contextlib import contextmanager

from stackproof.model.running import Running
from stackproof.model.stack import Service, Stack
from stackproof.prove import present
from stackproof.prove.faults.fault import Fault, has_health


def _applies(service: Service, stack: Stack) -> bool:
    """Workers are killed in mid-task by SP403-worker-killed."""
    return has_health(service, stack) and service.role != "worker"


@contextmanager
def _inject(running: Running, service: str) -> Iterator[None]:
    """Nothing is undone: its restart policy starts it again."""
    for each in present.replicas(running, service):
        running.kill(*each)
    yield


FAULT = Fault(
    name="killed",
    says="SIGKILL to all processes of a service at once, in every replica.",
    did="was killed",
    applies=_applies,
    inject=_inject,
)
