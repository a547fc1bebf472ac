"""Packages that a later release of another one breaks, where nothing pins that one: one table, with its day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.model.facts import Ambiguity, Backend, Requirement, Unmet
from stackproof.model.source import Place
from stackproof.plan import knowledge, versions
from stackproof.plan.given import Given

CHECKED = knowledge.CHECKED  # the day on which every row was installed and tried, with Python 3.11


@dataclass(frozen=True, slots=True)
class Break:
    """`package` up to `until` (None: every release so far) fails with `other` from `since` on."""

    package: str
    until: str | None
    other: str
    since: str
    says: str  # with the releases that were tried


TABLE = (
    Break("passlib", None, "bcrypt", "5", "passlib 1.7.4 tests itself with a password that bcrypt 5.0.0 refuses"),
    Break("flask", "2.2.2", "werkzeug", "3", "Flask 2.2.2 imports url_quote, which Werkzeug 3 has no more"),
    Break("flask-login", "0.6.2", "werkzeug", "3", "Flask-Login 0.6.2 imports what Werkzeug 3 took away"),
    Break("flask-sqlalchemy", "2.5.1", "flask", "2.3", "Flask-SQLAlchemy 2.5.1 imports what Flask 2.3 took away"),
    Break("openai", "1.55.2", "httpx", "0.28", "openai 1.55.2 passes proxies= to httpx, and 0.28 knows it no more"),
)
# A release that must not be taken, with what it does.
BAD = {("celery", "5.7.0"): "Celery 5.7.0 ends the worker when Redis goes away while a task runs"}

GREENLET, PACKAGING, SETUPTOOLS = "greenlet", "packaging", "setuptools<82"
_EXACT = re.compile(r"==\s*(\d[\d.]*)")
_KOMBU = "5.7.0"  # its transport for Redis imports packaging, which it asks for with its extra `redis` alone


@dataclass(frozen=True, slots=True)
class Lacking:
    """A package to be added, because another one needs it and asks for it no more."""

    package: str
    because: str
    seen: Place


def constraints(given: Given) -> tuple[str, ...]:
    """For a project without a lock: releases with which everything still works."""
    bad = tuple(f"{name}!={version}" for name, version in BAD if given.installed(name))
    return (*dict.fromkeys(f"{row.other}<{row.since}" for row, _ in _hit(given)), *bad)


def notes(given: Given) -> Iterator[Ambiguity]:
    for row, seen in _hit(given):
        yield _note(given, f"{row.other}<{row.since}", row.says, row.other, seen)
    for (name, version), says in BAD.items():
        there = given.installed(name)
        if there and given.version(name) in (None, version) and not _bounded(given, name, version):
            yield _note(given, f"{name}!={version}", says, name, there)


def lacking(given: Given) -> Iterator[Lacking]:
    for unmet in given.project.all(Unmet):
        if unmet.distribution == GREENLET:
            because = "sqlalchemy.ext.asyncio needs it, and SQLAlchemy from 2.1 on brings it with its extra alone"
            yield Lacking(GREENLET, because, unmet.seen)
        elif unmet.module == "pkg_resources":
            because = "the code imports pkg_resources, which setuptools has no more from 82 on"
            yield Lacking(SETUPTOOLS, because, unmet.seen)
    if seen := _packaging(given):
        because = f"kombu from {_KOMBU} on imports it for Redis, and only celery[redis] asks for it"
        yield Lacking(PACKAGING, because, seen)


def _packaging(given: Given) -> Place | None:
    celery, version = _asked(given, "celery"), given.version("kombu")
    redis = any(backend.kind == "redis" for backend in given.project.all(Backend))
    if celery is None or not redis or "redis" in celery.extras or given.installed("packaging"):
        return None
    return celery.seen if version is None or versions.at_least(version, _KOMBU) else None


def _note(given: Given, wanted: str, says: str, other: str, seen: Place) -> Ambiguity:
    pinned = given.version(other)
    chosen = f"{other} {pinned}" if pinned else wanted
    because = f"{says} (tried on {CHECKED})" + (", and the lock pins that" if pinned else "")
    return Ambiguity("known break", chosen, (), because, f'"{wanted}" among the dependencies', seen)


def _hit(given: Given) -> list[tuple[Break, Place]]:
    """Rows that hold here, with the place where the first package is asked for."""
    there = [(row, seen) for row in TABLE if (seen := given.installed(row.package))]
    return [(row, seen) for row, seen in there if _old(given, row) and _new(given, row)]


def _old(given: Given, row: Break) -> bool:
    """Without a lock a package comes in its newest release, unless the project itself names an older one."""
    if row.until is None:
        return True
    asked = _asked(given, row.package)
    exact = _EXACT.fullmatch(asked.specifier) if asked else None
    version = given.version(row.package) or (exact[1] if exact else None)
    return version is not None and not versions.at_least(version, f"{row.until}.1")


def _new(given: Given, row: Break) -> bool:
    """The other one is there, or comes, in a release that breaks the first."""
    other = given.version(row.other)
    if other is not None:
        return versions.at_least(other, row.since)
    return not given.locks and not _bounded(given, row.other, row.since)


def _bounded(given: Given, name: str, release: str) -> bool:
    """Whether the project refuses a release; what it does not name, or says in a form of its own, it does not."""
    asked = _asked(given, name)
    if asked is None or not asked.specifier or asked.url:
        return False
    return not versions.fits(asked.specifier, release)


def _asked(given: Given, name: str) -> Requirement | None:
    return next((fact for fact in given.project.all(Requirement) if fact.name == name), None)
