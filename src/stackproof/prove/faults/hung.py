"""All processes of a service stop where they are: connections stay open, and nobody answers."""

from stackproof.prove.faults.fault import Fault, has_health

FAULT = Fault(
    name="hung",
    says="SIGSTOP to all processes of a service, in every replica; SIGCONT ends it.",
    did="hung",
    applies=has_health,
    inject=lambda running, service: running.frozen(service),
    seconds=90.0,
    until_red=True,
)
