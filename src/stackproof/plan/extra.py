"""Packages that the start needs and the project does not install."""

from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.model.facts import CeleryApp, WebApp
from stackproof.model.source import Place
from stackproof.plan import knowledge, web
from stackproof.plan.given import Given


@dataclass(frozen=True, slots=True)
class Extra:
    pinned: str  # "uvicorn==0.54.0"
    because: str
    seen: Place


def packages(given: Given, app: WebApp | None, celery: CeleryApp | None) -> tuple[Extra, ...]:
    return tuple(_missing(given, app, celery))


def _missing(given: Given, app: WebApp | None, celery: CeleryApp | None) -> Iterator[Extra]:
    if app and not given.installed(web.server(app)):
        because = f"no server for {app.interface.upper()} is among the dependencies"
        yield Extra(knowledge.EXTRA[web.server(app)], because, app.seen)
    if celery and given.dev and not given.installed("watchfiles"):
        yield Extra(knowledge.EXTRA["watchfiles"], "restarts the worker in dev when its code changes", celery.seen)
