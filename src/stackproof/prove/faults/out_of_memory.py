"""The memory of a service is used up to its limit: the kernel kills one of its processes."""

from collections.abc import Iterator
from contextlib import contextmanager

from stackproof.model.running import Running
from stackproof.prove import present
from stackproof.prove.faults.fault import Fault, has_health


@contextmanager
def _inject(running: Running, service: str) -> Iterator[None]:
    """Nothing is undone: what was taken is given back by itself, and who was killed is started by its own means."""
    for each in present.replicas(running, service):
        running.exhaust(*each)
    yield


FAULT = Fault(
    name="out-of-memory",
    says="All memory below a service's limit is taken until the kernel kills a process of it, in every replica.",
    did="ran out of memory",
    applies=has_health,
    inject=_inject,
)
