"""The smallest projects that a stack can be planned for, to be changed by each test."""

from stackproof.model.facts import (
    CeleryApp,
    Fact,
    HealthRoute,
    ImportRoot,
    Installer,
    Locked,
    Project,
    Requirement,
    WebApp,
)
from stackproof.model.settings import Settings
from stackproof.model.source import Place, SourceTree
from stackproof.model.stack import EnvironmentName, Service, Stack
from stackproof.plan import plan
from stackproof.plan.given import Given
from stackproof.plan.settings import settings

PIP = Installer("pip", "requirements.txt", "requirements.txt", None, ("dev",), Place("requirements.txt"))
ROOT = ImportRoot("", ("shop",), Place("shop/__init__.py"), ("shop",))
FLASK = WebApp("flask", "shop.web:create_app", True, "wsgi", Place("shop/web.py", 5))
ASGI = WebApp("fastapi", "shop.api:app", False, "asgi", Place("shop/api.py", 7))
READY = HealthRoute("/healthz", "ready", Place("shop/web.py", 9))
CELERY = CeleryApp("shop.jobs", "app", False, Place("shop/jobs.py", 3))


def locked(name: str, version: str, line: int = 1) -> Locked:
    return Locked(name, version, Place("requirements.txt", line))


def asks(name: str, group: str = "", path: str = "requirements.txt") -> Requirement:
    return Requirement(name, "", group, (), Place(path, 1))


SHOP: tuple[Fact, ...] = (PIP, ROOT, FLASK, READY, locked("gunicorn", "27.0.1"))
JOBS: tuple[Fact, ...] = (PIP, ROOT, CELERY, locked("celery", "5.6.3"), locked("redis", "8.1.0"))


def given(*facts: Fact, said: str = "", environment: EnvironmentName = "prod") -> Given:
    """`said` is the text of stackproof.toml."""
    return Given(Project("shop", facts), read(said), environment)


def stack(*facts: Fact, said: str = "", environment: EnvironmentName = "prod") -> Stack:
    return plan(Project("shop", facts), read(said), environment)


def service(name: str, *facts: Fact, said: str = "", environment: EnvironmentName = "prod") -> Service:
    return stack(*facts, said=said, environment=environment).service(name)


def read(text: str) -> Settings:
    return settings(SourceTree({"stackproof.toml": text.encode()}))
