"""The environment of the code's services: what we set, what the user may set, and nothing else."""

import re
from collections.abc import Iterator

from stackproof.model.facts import DJANGO_SETTINGS, AllowedHosts, Variable
from stackproof.model.stack import Assignment, Because, literal
from stackproof.plan import celery, django_settings, secret_variables
from stackproof.plan.addresses import Held
from stackproof.plan.given import Given
from stackproof.plan.storage import Storage

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)  # "ProgramFiles(x86)" is another system's, and Compose takes none such
_LEVELS = {"INFO", "WARNING", "ERROR", "CRITICAL"}


def variables(given: Given, storage: Storage, fixed: tuple[Held, ...]) -> tuple[Held, ...]:
    """Everything that the application reads, by name; what the stack decides is fixed, the rest is the user's."""
    held = {each.assignment.name: each for each in (*_ours(), *_files(storage), *fixed)}
    read = (fact for fact in given.project.all(Variable) if _NAME.fullmatch(fact.name))
    theirs = {fact.name: Held(_settable(given, fact)) for fact in read}
    left_out = secret_variables.unset(given)
    return tuple(each for name, each in sorted({**theirs, **held}.items()) if name not in left_out)


def for_monitor(assignments: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
    """It imports the application for its configuration, and needs no secret that the import can do without."""
    return tuple(each for each in assignments if each.required or not each.secret)


def _ours() -> Iterator[Held]:
    because = Because("log lines reach the output at once")
    yield Held(Assignment("PYTHONUNBUFFERED", "1", settable=False, because=because))


def _files(storage: Storage) -> Iterator[Held]:
    for name, url, seen in storage.urls:
        because = Because("the database file, on its volume", seen)
        yield Held(Assignment(name, url, settable=False, because=because))


def _settable(given: Given, variable: Variable) -> Assignment:
    value, why = variable.default, "read by the application"
    if given.dev and variable.name.endswith("LOG_LEVEL") and (value or "").upper() in _LEVELS:
        value, why = ("DEBUG" if (value or "").isupper() else "debug"), "read by the application; it tells more in dev"
    if variable.name == celery.quick_reload(given):
        value, why = "0", "read by the application; no soft shutdown in dev, a reload would wait for it"
    if variable.name == DJANGO_SETTINGS and (settings := django_settings.chosen(given)):
        value, why = settings.module, "Django's settings for this environment"
    if hosts := _hosts(given, variable):
        value, why = hosts, "the host names that Django answers to: the health check's and the stack's own among them"
    return Assignment(
        variable.name,
        None if variable.secret or value is None else literal(value),
        settable=True,
        required=variable.required and value is None,
        secret=variable.secret,
        because=Because(why, variable.seen),
    )


def _hosts(given: Given, variable: Variable) -> str | None:
    """Without the address that the health check asks, no container would ever be healthy."""
    fact = next((each for each in given.project.all(AllowedHosts) if each.variable == variable.name), None)
    if fact is None or "*" in (variable.default or ""):
        return None
    said = given.settings.environment(given.environment).server_name
    asked = (variable.default or "").replace(",", " ").split()
    apps = (name for name, service in given.settings.services.items() if service.app)
    names = dict.fromkeys((*asked, "127.0.0.1", "localhost", "api", *apps, *((said,) if said else ())))
    return fact.separator.join(names)
