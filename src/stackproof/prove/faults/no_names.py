"""A service finds nobody by name: what is connected stays so, and nothing new can be."""

from stackproof.model.stack import Service, Stack
from stackproof.prove import present
from stackproof.prove.faults.fault import Fault, has_health


def _applies(service: Service, stack: Stack) -> bool:
    """Who names another service; `self` is its own address."""
    others = {*present.talks_to(service)} - {service.name, "self"}
    return has_health(service, stack) and bool(service.networks) and bool(others)


FAULT = Fault(
    name="no-names",
    says="The engine's name server cannot be reached from a service, in every replica; open connections stay.",
    did="found nobody by name",
    applies=_applies,
    inject=lambda running, service: running.unresolved(service),
    seconds=6.0,
)
