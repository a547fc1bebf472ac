"""The environment of each service: what we set, what the user may set, and nothing else."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from stackproof.model.facts import Backend, Variable
from stackproof.model.stack import Assignment, Because, literal
from stackproof.plan import celery
from stackproof.plan.given import Given
from stackproof.plan.storage import Storage

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)  # "ProgramFiles(x86)" is another system's, and Compose takes none such
_LEVELS = {"INFO", "WARNING", "ERROR", "CRITICAL"}


def variables(given: Given, storage: Storage) -> tuple[Assignment, ...]:
    """Everything that the application reads, by name; what the stack decides is fixed, the rest is the user's."""
    fixed = {assignment.name: assignment for assignment in (*_ours(), *_addresses(given, storage))}
    read = (variable for variable in given.project.all(Variable) if _NAME.fullmatch(variable.name))
    theirs = {variable.name: _settable(given, variable) for variable in read}
    return tuple(assignment for _, assignment in sorted({**theirs, **fixed}.items()))


def for_monitor(assignments: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
    """It imports the application for its configuration, and needs no secret that the import can do without."""
    return tuple(assignment for assignment in assignments if assignment.required or not assignment.secret)


def _ours() -> Iterator[Assignment]:
    yield Assignment("PYTHONUNBUFFERED", "1", settable=False, because=Because("log lines reach the output at once"))


def _addresses(given: Given, storage: Storage) -> Iterator[Assignment]:
    for backend in given.project.all(Backend):
        if backend.kind == "redis" and backend.variable:
            because = Because("the stack's own Redis", backend.seen)
            yield Assignment(backend.variable, _redis(backend.default), settable=False, because=because)
    for name, url, seen in storage.urls:
        yield Assignment(name, url, settable=False, because=Because("the database file, on its volume", seen))


def _redis(default: str | None) -> str:
    database = urlsplit(default or "").path.strip("/")
    return f"redis://@{{redis.host}}:@{{redis.port}}/{database if database.isdigit() else '0'}"


def _settable(given: Given, variable: Variable) -> Assignment:
    value, why = variable.default, "read by the application"
    if given.dev and variable.name.endswith("LOG_LEVEL") and (value or "").upper() in _LEVELS:
        value, why = ("DEBUG" if (value or "").isupper() else "debug"), "read by the application; it tells more in dev"
    if variable.name == celery.quick_reload(given):
        value, why = "0", "read by the application; no soft shutdown in dev, a reload would wait for it"
    if _elsewhere(given, variable):
        value, why = None, "names a server that this stack does not bring"
    return Assignment(
        variable.name,
        None if variable.secret or value is None else literal(value),
        settable=True,
        required=variable.required or _elsewhere(given, variable),
        secret=variable.secret,
        because=Because(why, variable.seen),
    )


def _elsewhere(given: Given, variable: Variable) -> bool:
    """A PostgreSQL URL: the address that the code uses by itself is no address inside a container."""
    return any(
        backend.kind == "postgresql" and backend.variable == variable.name for backend in given.project.all(Backend)
    )
