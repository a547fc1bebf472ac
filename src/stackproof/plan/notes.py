"""Decisions of a plan that its reader must know of, beside the ambiguities that detection found."""

from collections.abc import Iterator

from stackproof.model.facts import Ambiguity, Backend, CeleryApp, WebApp
from stackproof.plan import build, stores, web
from stackproof.plan.extra import Extra
from stackproof.plan.given import Given


def notes(given: Given, app: WebApp | None, added: tuple[Extra, ...]) -> Iterator[Ambiguity]:
    if app and (health := web.health_route(given, app)[2]):
        yield health
    if python := build.python_note(given):
        yield python
    for package in added:
        way = "add it to the project's dependencies"
        yield Ambiguity("package", package.pinned, (), package.because, way, package.seen)
    for backend in given.project.all(Backend):
        if backend.kind == "postgresql":
            because = "this stack brings no PostgreSQL server; the URL of yours is asked for"
            where = f"{backend.variable or 'the URL'} in deploy/env/{given.environment}.env"
            yield Ambiguity("PostgreSQL", "yours", (), because, where, backend.seen)
    celery = given.project.first(CeleryApp)
    if celery and not stores.needed(given):
        because = "no Redis driver is among the dependencies, so the broker is not the stack's own"
        yield Ambiguity("broker", "yours", (), because, "celery[redis] in the dependencies", celery.seen)
