"""What a store sends comes late, or not at all: its line is slow, and the queue before it short."""

from stackproof.model.stack import Service, Stack
from stackproof.prove.faults.fault import Fault, has_health


def _applies(service: Service, stack: Stack) -> bool:
    return service.role == "store" and has_health(service, stack) and bool(service.networks)


FAULT = Fault(
    name="slow-line",
    says="What a store sends goes out at 32 kbit/s, and what waits for longer than a second is lost.",
    did="was on a slow line",
    applies=_applies,
    inject=lambda running, service: running.slowed(service),
    seconds=6.0,
)
