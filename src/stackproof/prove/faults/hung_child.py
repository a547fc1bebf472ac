"""One child of a server's main process stops where it is: the others go on, and its connections hang."""

from stackproof.model.stack import Service, Stack
from stackproof.prove.faults.fault import Fault


def _applies(service: Service, _: Stack) -> bool:
    """gunicorn always has a main process beside its workers; uvicorn has one where it is told to have several."""
    words = service.command
    return service.role == "web" and service.python and (words[0] == "gunicorn" or _several(words))


def _several(words: tuple[str, ...]) -> bool:
    return words[0] == "uvicorn" and "--workers" in words and "--reload" not in words


FAULT = Fault(
    name="hung-child",
    says="SIGSTOP to one child of a web server's main process; SIGCONT ends it, where the child is still there.",
    did="had a worker process that hung",
    applies=_applies,
    inject=lambda running, service: running.frozen_child(service),
    seconds=90.0,
)
