"""The volumes of a service refuse every write, as a file system does that found an error, or is full."""

from stackproof.model.stack import Service, Stack
from stackproof.prove.faults.fault import Fault, has_health


def _applies(service: Service, stack: Stack) -> bool:
    """Stores, and applications that keep something themselves."""
    keeps = any(mount.volume for mount in service.mounts)
    return keeps and service.role in ("store", "web", "worker") and has_health(service, stack)


FAULT = Fault(
    name="no-writes",
    says="Every write to the volumes of a service is refused, also to files that are open; reading goes on.",
    did="could write nothing to its volume",
    applies=_applies,
    inject=lambda running, service: running.unwritable(service),
    seconds=6.0,
)
