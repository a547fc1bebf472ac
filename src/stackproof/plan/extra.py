"""Packages that the start needs and the project does not install."""

from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.model.facts import Requirement, WebApp
from stackproof.model.source import Place
from stackproof.model.stack import Service
from stackproof.plan import breaking, knowledge, web
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
            yield _server(given, server, app)
    for lacking in breaking.lacking(given):
        yield Extra(lacking.package, lacking.because, lacking.seen)
    for service in services:
        if service.command[0] == "watchfiles" and not given.installed("watchfiles"):
            because = f"restarts {service.name} in dev when its code changes"
            yield Extra(knowledge.EXTRA["watchfiles"], because, _seen(service))
            break
    for service in services:
        if service.debugger and not given.installed("debugpy"):
            yield Extra(knowledge.EXTRA["debugpy"], "lets an editor attach to web services in dev", _seen(service))
            break


def _server(given: Given, server: str, app: WebApp) -> Extra:
    """In the release that the lock has for development, where it has one."""
    asked = next((fact for fact in given.project.all(Requirement) if fact.name == server), None)
    if asked is None:
        return Extra(
            knowledge.EXTRA[server], f"no server for {app.interface.upper()} is among the dependencies", app.seen
        )
    version = given.version(server)
    because = f"the server is in the group {asked.group} alone, which is not installed here"
    return Extra(f"{server}=={version}" if version else knowledge.EXTRA[server], because, asked.seen)


def _seen(service: Service) -> Place:
    return next(because.seen for because in service.because if because.seen)
