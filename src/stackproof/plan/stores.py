"""The stores of a stack: which there are, for which variables of the code, and who knows their passwords."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from stackproof.model.facts import Backend, CeleryApp
from stackproof.model.source import Place
from stackproof.model.stack import Because, Secret, Volume
from stackproof.plan.given import Given, slug

REDIS, CACHE, POSTGRES = "redis", "cache", "postgres"
_CACHED = ("CACHE", "SESSION", "LIMIT")  # in the name of a variable: what is lost there can be had again
_WORDS = {
    REDIS: "queued tasks and results",
    CACHE: "sessions, limits and cached answers",
    POSTGRES: "the database",
}


@dataclass(frozen=True, slots=True)
class Store:
    name: str  # of its service and its volume
    kind: Literal["redis", "postgres"]
    seen: Place
    backends: tuple[Backend, ...] = ()
    user: str = ""  # of PostgreSQL
    database: str = ""

    @property
    def password(self) -> str:
        """Name of the secret."""
        return f"{self.name}-password"

    @property
    def acl(self) -> str:
        """Name of the secret that Redis itself reads."""
        return f"{self.name}-acl"


def stores(given: Given) -> tuple[Store, ...]:
    return (*_redis(given), *_postgres(given))


def outside(given: Given, backend: Backend) -> bool:
    """A server that this stack does not bring: the settings say that its address is given."""
    return given.settings.secrets.get(backend.variable or "") in ("given", "unset")


def ours(given: Given, kind: str) -> tuple[Backend, ...]:
    return tuple(each for each in given.project.all(Backend) if each.kind == kind and not outside(given, each))


def volume(store: Store) -> Volume:
    return Volume(store.name, Because(_WORDS[store.name], store.seen))


def secrets(given: Given, store: Store) -> Iterator[Secret]:
    why = Because(f"the password of {store.name}", store.seen)
    yield Secret(store.password, "password", why, generated=given.dev)
    if store.kind == "redis":
        yield Secret(store.acl, "redis-acl", Because("what Redis itself knows of its password"), source=store.password)


def _redis(given: Given) -> Iterator[Store]:
    """One for what must not be lost; another for what may, where the code keeps the two apart."""
    found = ours(given, "redis")
    cached = tuple(each for each in found if any(word in (each.variable or "") for word in _CACHED))
    kept = tuple(each for each in found if each not in cached)
    if not any(each.variable for each in kept):
        cached, kept = (), found
    if seen := _asked(given, kept):
        yield Store(REDIS, "redis", seen, kept)
    if cached:
        yield Store(CACHE, "redis", cached[0].seen, cached)


def _asked(given: Given, backends: tuple[Backend, ...]) -> Place | None:
    """Where the code asks for Redis; a Celery application with its driver does so too."""
    if backends:
        return backends[0].seen
    known = any(each.kind == "redis" for each in given.project.all(Backend))
    return given.installed("redis") if given.project.first(CeleryApp) and not known else None


def _postgres(given: Given) -> Iterator[Store]:
    if found := ours(given, "postgresql"):
        default = next((each.default for each in found if each.default), "")
        user, database = _identity(given, default)
        yield Store(POSTGRES, "postgres", found[0].seen, found, user, database)


def _identity(given: Given, default: str) -> tuple[str, str]:
    """User and database as the code's own default has them, where they are plain names."""
    own = slug(given.project.name).replace("-", "_")
    parts = urlsplit(default)
    user, database = parts.username or "", parts.path.strip("/")
    return (user if user.isidentifier() else own), (database if database.isidentifier() else own)
