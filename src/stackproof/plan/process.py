"""Processes without a server, found or given by the settings, and jobs: what runs once for each `up`."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from stackproof.errors import UserError
from stackproof.model.facts import Migration, Program, WebApp
from stackproof.model.parts import Migrations
from stackproof.model.settings import JobSettings
from stackproof.model.stack import Because, Health, Limits, Need, Service, literal
from stackproof.plan import grace, ports, replicas
from stackproof.plan.code import Code
from stackproof.plan.given import Given, at, slug
from stackproof.plan.reloading import reloading

MIGRATE = "migrate"
_REFERENCE = re.compile(r"@\{(?:self\.bind|self\.port|tmp)\}")
_SMALL = Limits(512, 1.0, 256)
# Names that mean something in the settings, whether or not the stack has such a service.
RESERVED = frozenset({"api", "worker", "beat", "flower", "migrate", "redis", "cache", "postgres", "backup", "proxy"})
_KINDS = {
    "script": "a program of the project that runs until it is stopped",
    "bot": "a bot: it holds a connection to its service and serves no port",
    "scheduler": "a scheduler: it runs its jobs by itself, so there is one",
    "consumer": "it takes messages until it is stopped",
    "rq": "a worker of RQ", "arq": "a worker of arq", "dramatiq": "a worker of Dramatiq", "huey": "a worker of Huey",
    "django": "a command of manage.py that runs until it is stopped",
}  # fmt: skip
_MANY = ("rq", "arq", "dramatiq")  # several share the work; of the others a second would do it once more
# `manage.py migrate` takes back one application at a time, with all that builds on it.
_EVERY_APP_TO_ZERO = (
    "from django.core.management import call_command; from django.db import connection; "
    "from django.db.migrations.loader import MigrationLoader; "
    "applications = MigrationLoader(connection).migrated_apps; "
    "[call_command('migrate', application, 'zero', interactive=False) for application in sorted(applications)]"
)


def processes(given: Given, code: Code) -> Iterator[Service]:
    """Those that the settings give a command, then those that were found and that the settings do not leave out."""
    for name, said in given.settings.services.items():
        if said.command:
            why = Because("its command is in the settings", given.settings.place(f"services.{name}.command"))
            yield _process(given, code, name, _words(said.command), why)
    for name, fact in found(given).items():
        said = given.settings.service(name)
        if not said.command and enabled(given, name):
            command = tuple(literal(word) for word in fact.command)
            service = _process(given, code, name, command, Because(_KINDS[fact.kind], fact.seen))
            many = fact.kind in _MANY or said.replicas
            yield service if many else replace(service, replicas=1)


def enabled(given: Given, name: str) -> bool:
    return given.settings.service(name).enabled is not False


def found(given: Given) -> dict[str, Program]:
    """Programs of the project by the names of their services; the first of two that would have one name."""
    named: dict[str, Program] = {}
    for fact in given.project.all(Program):
        name = slug(fact.name)
        named.setdefault(f"{name}-process" if name in RESERVED else name, fact)
    return named


def _process(given: Given, code: Code, name: str, command: tuple[str, ...], why: Because) -> Service:
    said = given.settings.service(name)
    if said.app or (said.health and not said.port):
        problem = "has both an app and a command" if said.app else "has a health route, but no port"
        raise UserError(
            f"{at(why.seen)}services.{name} {problem}", fix="Give one of the two." if said.app else "Give both."
        )
    publish = ports.publish(given, name, said.port) if said.port and said.publish else None
    shared = code.service(name, "process", reloading(given, command), _SMALL)
    made = replace(
        shared,
        port=said.port,
        publish=publish,
        health=Health("http", said.health, said.port, interval=5.0) if said.health and said.port else None,
        grace=said.grace or grace.WEB,
        networks=code.networks_of(name, *(("front",) if said.route else ()), published=publish is not None),
        metrics=said.metrics if isinstance(said.metrics, str) else None,
        because=(why,),
    )
    return replace(made, replicas=replicas.count(given, made))


def jobs(given: Given, code: Code) -> Iterator[Service]:
    if fact := given.project.first(Migration):
        why = Because(f"{fact.tool} brings the schema up to date, once for each start", fact.seen)
        yield _job(given, code, MIGRATE, migrations(given, fact).up, why)
    for name, said in given.settings.jobs.items():
        if given.environment in said.environments:
            why = Because("a job of the settings", given.settings.place(f"jobs.{name}.command"))
            yield _job(given, code, name, _words(said.command), why, said)


def migrations(given: Given, fact: Migration) -> Migrations:
    why = Because("found in the project", fact.seen)
    if fact.tool == "django":
        manage = ("python", fact.config)
        plan = (*manage, "showmigrations", "--plan")
        down = (*manage, "shell", "-c", _EVERY_APP_TO_ZERO)
        return Migrations(MIGRATE, "django", (*manage, "migrate", "--noinput"), down, plan, why)
    if fact.tool == "flask":
        flask = ("flask", *_flask_app(given), "db")
        return Migrations(
            MIGRATE, "flask", (*flask, "upgrade"), (*flask, "downgrade", "base"), (*flask, "current"), why
        )
    folder, name = posixpath.split(fact.config)
    # A script_location is read from where Alembic runs, not from where its configuration lies.
    alembic = (*(("env", "-C", folder) if folder else ()), "alembic", "-c", name)
    down = (*alembic, "downgrade", "base")
    return Migrations(MIGRATE, "alembic", (*alembic, "upgrade", "head"), down, (*alembic, "current"), why)


def _flask_app(given: Given) -> tuple[str, ...]:
    """Where no object is known, Flask looks for one itself."""
    found = next((app for app in given.project.all(WebApp) if app.framework == "flask"), None)
    return ("--app", found.target) if found else ()


def awaited(given: Given, services: tuple[Service, ...]) -> tuple[Service, ...]:
    """The same, with what must wait for jobs waiting for them."""
    there = {service.name for service in services}
    wanted = {name: tuple(job for job, said in given.settings.jobs.items() if job in there and name in said.before)
              for name in there}  # fmt: skip
    return tuple(
        replace(service, needs=(*service.needs, *(Need(job, "completed") for job in wanted[service.name])))
        for service in services
    )


def _job(
    given: Given, code: Code, name: str, command: tuple[str, ...], why: Because, said: JobSettings | None = None
) -> Service:
    shared = code.service(name, "job", command, _SMALL)
    early = said is not None and MIGRATE in said.before
    return replace(
        shared,
        needs=tuple(need for need in shared.needs if not (early and need.service == MIGRATE)),
        grace=given.settings.service(name).grace or 10.0,
        restart="no",
        one_shot=True,
        because=(why,),
    )


def _words(command: tuple[str, ...]) -> tuple[str, ...]:
    """As the user wrote them, but for the references that a command of the settings may hold."""
    return tuple(_word(word) for word in command)


def _word(word: str) -> str:
    kept = _REFERENCE.findall(word)
    parts = [literal(part) for part in _REFERENCE.split(word)]
    return "".join(part + reference for part, reference in zip(parts, [*kept, ""], strict=True))
