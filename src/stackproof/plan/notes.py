"""Decisions of a plan that its reader must know of, beside the ambiguities that detection found."""

from collections.abc import Iterator

from stackproof.model.facts import POOL, AllowedHosts, Ambiguity, CeleryApp, Scheduler, Task
from stackproof.model.stack import Stack
from stackproof.plan import breaking, django_settings, install, interpreter, store_notes, system, web
from stackproof.plan.extra import Extra
from stackproof.plan.given import Given
from stackproof.plan.stores import REDIS, Store
from stackproof.plan.web import Web

_OPEN = {"*", "127.0.0.1"}


def notes(
    given: Given, webs: tuple[Web, ...], found: tuple[Store, ...], added: tuple[Extra, ...]
) -> Iterator[Ambiguity]:
    for each in webs:
        if each.app.framework == "dash" and each.app.interface == "own":
            because = "Dash's development server runs it: the code names no Flask application that gunicorn could serve"
            yield Ambiguity(
                "server", "development server", (), because, "add to the code: server = app.server", each.app.seen
            )
        if health := web.health_route(given, each)[2]:
            yield health
    yield from _scheduled(given, webs)
    yield from _hosts(given)
    yield from django_settings.notes(given)
    yield from interpreter.notes(given)
    yield from install.notes(given)
    yield from breaking.notes(given)
    yield from system.notes(given)
    for package in added:
        way = "add it to the project's dependencies"
        yield Ambiguity("package", package.pinned, (), package.because, way, package.seen)
    yield from store_notes.notes(given, found)
    celery = given.project.first(CeleryApp)
    if celery and not given.project.first(Task):
        because = "no task of the project was found: the worker has nothing to do, or its tasks come from a package"
        yield Ambiguity("tasks", "none", (), because, "services.worker.enabled = false", celery.seen)
    if celery and not {REDIS, "rabbitmq"} & {store.name for store in found}:
        because = "the code names no Redis and has no driver for it, so the broker is not the stack's own"
        yield Ambiguity("broker", "yours", (), because, "celery[redis] in the dependencies", celery.seen)


def _hosts(given: Given) -> Iterator[Ambiguity]:
    """Where some settings module lets the health check in, that one may be the one that runs."""
    found = given.project.all(AllowedHosts)
    shut = [fact for fact in found if fact.hosts and not fact.variable and not _OPEN & {*fact.hosts}]
    if shut and len(shut) == len(found):
        because = "Django answers 400 to the health check, which asks 127.0.0.1: it is not among these names"
        way = 'add "127.0.0.1" to ALLOWED_HOSTS, or read it from an environment variable'
        yield Ambiguity("ALLOWED_HOSTS", ", ".join(shut[0].hosts), (), because, way, shut[0].seen)


def _scheduled(given: Given, webs: tuple[Web, ...]) -> Iterator[Ambiguity]:
    """Every process that makes the scheduler runs every job: with several replicas or workers each runs that often."""
    fact = given.project.first(Scheduler)
    if fact is None:
        return
    for each in webs:
        said = given.settings.service(each.name)
        many = (said.replicas or 1) * (said.workers or 1)
        because = (
            f"{fact.name} runs in the web process: each job would run {many} times"
            if many > 1
            else f"{fact.name} runs in the web process: a second one would run each job once more"
        )
        yield Ambiguity("replicas", str(many), (), because, f"services.{each.name}.replicas = 1", fact.seen)


def detected(given: Given, stack: Stack) -> Iterator[Ambiguity]:
    """A pool that nobody can count matters to a PostgreSQL that must have room for it, and to nothing else."""
    for note in given.project.all(Ambiguity):
        if note.about != POOL or stack.database is not None:
            yield note
