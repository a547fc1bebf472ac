"""No packet goes from a service to anybody else, or back."""

from stackproof.model.stack import Service, Stack
from stackproof.prove.faults.fault import Fault, has_health


def _applies(service: Service, stack: Stack) -> bool:
    return has_health(service, stack) and bool(service.networks)


FAULT = Fault(
    name="cut-off",
    says="A service is cut off from all its networks, in every replica; its processes and its addresses stay.",
    did="was cut off from the network",
    applies=_applies,
    inject=lambda running, service: running.cut(service),
    seconds=3.0,
)
