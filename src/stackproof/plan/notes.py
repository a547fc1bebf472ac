"""Decisions of a plan that its reader must know of, beside the ambiguities that detection found."""

from collections.abc import Iterator

from stackproof.model.facts import POOL, Ambiguity, Backend, CeleryApp, Scheduler, Task
from stackproof.model.stack import Stack
from stackproof.plan import build, web
from stackproof.plan.extra import Extra
from stackproof.plan.given import Given
from stackproof.plan.stores import REDIS, Store
from stackproof.plan.web import Web


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
    if python := build.python_note(given):
        yield python
    for package in added:
        way = "add it to the project's dependencies"
        yield Ambiguity("package", package.pinned, (), package.because, way, package.seen)
    yield from (_hard_coded(store, backend) for store in found for backend in store.backends if not backend.variable)
    celery = given.project.first(CeleryApp)
    if celery and not given.project.first(Task):
        because = "no task of the project was found: the worker has nothing to do, or its tasks come from a package"
        yield Ambiguity("tasks", "none", (), because, "services.worker.enabled = false", celery.seen)
    if celery and REDIS not in {store.name for store in found}:
        because = "the code names no Redis and has no driver for it, so the broker is not the stack's own"
        yield Ambiguity("broker", "yours", (), because, "celery[redis] in the dependencies", celery.seen)


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


def _hard_coded(store: Store, backend: Backend) -> Ambiguity:
    because = "no variable says where it is: the code must find it, and its password, by itself"
    return Ambiguity(store.name, store.name, (), because, "read its URL from an environment variable", backend.seen)
