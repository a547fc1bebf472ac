"""Packages that the start needs and the project does not install."""

from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.model.facts import WebApp
from stackproof.model.source import Place
from stackproof.model.stack import Service
from stackproof.plan import knowledge, web
from stackproof.plan.given import Given


@dataclass(frozen=True, slots=True)
class Extra:
    pinned: str  # "uvicorn==0.54.0"
    because: str
    seen: Place


def packages(given: Given, apps: tuple[WebApp, ...], services: tuple[Service, ...]) -> tuple[Extra, ...]:
    return tuple(_missing(given, apps, services))


def _missing(given: Given, apps: tuple[WebApp, ...], services: tuple[Service, ...]) -> Iterator[Extra]:
    servers = {web.server(app): app for app in reversed(apps)}
    for server, app in servers.items():
        if server and not given.installed(server):
            because = f"no server for {app.interface.upper()} is among the dependencies"
            yield Extra(knowledge.EXTRA[server], because, app.seen)
    for service in services:
        if service.command[0] == "watchfiles" and not given.installed("watchfiles"):
            because = f"restarts {service.name} in dev when its code changes"
            yield Extra(knowledge.EXTRA["watchfiles"], because, _seen(service))
            break
    for service in services:
        if service.debugger and not given.installed("debugpy"):
            yield Extra(knowledge.EXTRA["debugpy"], "lets an editor attach to web services in dev", _seen(service))
            break


def _seen(service: Service) -> Place:
    return next(because.seen for because in service.because if because.seen)
