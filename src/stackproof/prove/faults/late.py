"""A store comes up late: whoever uses it has been started before it, as after a reboot of the machine."""

from collections.abc import Iterator
from contextlib import contextmanager

from stackproof.model.running import Running
from stackproof.model.stack import Service, Stack
from stackproof.prove import present
from stackproof.prove.faults.fault import Fault, has_health

_SECONDS = 8.0


def users(service: str, stack: Stack) -> tuple[str, ...]:
    """Services that have a word about the store in their command or variables, or wait for it."""
    found = (each for each in stack.services if not each.one_shot and not each.profiles)
    return tuple(each.name for each in found if service in present.talks_to(each) or each.waits_for(service))


def _applies(service: Service, stack: Stack) -> bool:
    return service.role == "store" and has_health(service, stack) and bool(users(service.name, stack))


@contextmanager
def _inject(running: Running, service: str) -> Iterator[None]:
    there = {each.name for each in present.services(running)}
    first = (each for each in users(service, running.stack) if each in there)
    stopped = [*present.replicas(running, *first), *present.replicas(running, service)]
    try:
        for each in stopped:
            running.stop(*each)
        while stopped[0][0] != service:
            running.start(*stopped.pop(0))
        yield
    finally:  # those that have been started are left to themselves, also where they have ended since
        for each in stopped:
            running.start(*each)


FAULT = Fault(
    name="late",
    says=f"A store starts {_SECONDS:g} s after the services that use it.",
    did="came up late",
    applies=_applies,
    inject=_inject,
    seconds=_SECONDS,
)
