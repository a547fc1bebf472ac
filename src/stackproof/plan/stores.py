"""The stores of a stack: which there are, for which variables of the code, and who knows their passwords."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from stackproof.model.backend_facts import Role
from stackproof.model.facts import Backend, CeleryApp
from stackproof.model.source import Place
from stackproof.model.stack import Because, Secret, Volume
from stackproof.plan.given import Given, slug
from stackproof.plan.server_kinds import SERVERS

REDIS, CACHE, POSTGRES = "redis", "cache", "postgres"
LOOPBACK = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104  in a container: itself
_RESERVED = ("root",)  # the images make it themselves
_CACHED = ("CACHE", "SESSION", "LIMIT")  # in the name of a variable: what is lost there can be had again
_WORDS = {
    REDIS: "queued tasks and results",
    CACHE: "sessions, limits and cached answers",
    POSTGRES: "the database",
}


@dataclass(frozen=True, slots=True)
class Store:
    name: str  # of its service and its volume
    kind: str  # "redis", "postgres", or one of SERVERS
    seen: Place
    backends: tuple[Backend, ...] = ()
    user: str = ""  # of PostgreSQL
    database: str = ""
    open: bool = False  # asks for no password: the code gives none
    written: Place | None = None  # where the code has the password as text

    @property
    def aliases(self) -> tuple[str, ...]:
        """The host names that the code has written down."""
        names = dict.fromkeys(name for backend in self.backends if (name := host(backend)))
        return tuple(name for name in names if name not in (self.name, *LOOPBACK))

    @property
    def password(self) -> str:
        """Name of the secret."""
        return f"{self.name}-password"

    @property
    def acl(self) -> str:
        """Name of the secret that Redis itself reads."""
        return f"{self.name}-acl"


def stores(given: Given) -> tuple[Store, ...]:
    return (*_redis(given), *_postgres(given), *_others(given))


def outside(given: Given, backend: Backend) -> bool:
    """A server that this stack does not bring: the settings say that its address is given, or the code has it."""
    if elsewhere(backend):
        return True
    host = backend.part("host")
    named = backend.variable or (host.variable if host else None) or ""
    return given.settings.secrets.get(named) in ("given", "unset")


def ours(given: Given, kind: str) -> tuple[Backend, ...]:
    return tuple(each for each in given.project.all(Backend) if each.kind == kind and not outside(given, each))


def volume(store: Store) -> Volume:
    holds = _WORDS.get(store.name) or SERVERS[store.kind].holds
    return Volume(store.name, Because(holds, store.seen))


def elsewhere(backend: Backend) -> bool:
    """A name with a dot that stands in the code is a server of the world's: smtp.gmail.com."""
    name = host(backend) or ""
    return backend.kind != "sqlite" and "." in name and name not in LOOPBACK


def broker(found: tuple[Store, ...]) -> str:
    """Celery's: RabbitMQ where the code names one."""
    return next((store.name for store in found if store.kind == "rabbitmq"), REDIS)


def kept(store: Store) -> bool:
    """Whether it has a volume."""
    return store.kind not in SERVERS or SERVERS[store.kind].data is not None


def secrets(given: Given, store: Store) -> Iterator[Secret]:
    if store.open or (store.kind in SERVERS and not SERVERS[store.kind].guarded):
        return
    if store.written:
        why = Because(f"the password of {store.name} that the code has written down: put the same here", store.written)
        yield Secret(store.password, "given", why)
    else:
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
        yield Store(REDIS, "redis", seen, kept, written=_written(kept))
    if cached:
        yield Store(CACHE, "redis", cached[0].seen, cached, written=_written(cached))


def _asked(given: Given, backends: tuple[Backend, ...]) -> Place | None:
    """Where the code asks for Redis; a Celery application with its driver does so too."""
    if backends:
        return backends[0].seen
    known = any(each.kind == "redis" for each in given.project.all(Backend))
    return given.installed("redis") if given.project.first(CeleryApp) and not known else None


def _postgres(given: Given) -> Iterator[Store]:
    if found := ours(given, "postgresql"):
        user, database = _identity(given, found)
        yield Store(POSTGRES, "postgres", found[0].seen, found, user, database, written=_written(found))


def _others(given: Given) -> Iterator[Store]:
    """Mail goes nowhere in dev; in stage and prod only the user knows the server."""
    for kind, row in SERVERS.items():
        if (kind != "smtp" or given.dev) and (found := ours(given, kind)):
            user, database = _identity(given, found)
            yield Store(row.name, kind, found[0].seen, found, user, database, written=_written(found))


def _identity(given: Given, found: tuple[Backend, ...]) -> tuple[str, str]:
    """User and database as the code has them, where they are plain names; `root` is nobody's own."""
    own = slug(given.project.name).replace("-", "_")
    urls = [urlsplit(each.default) for each in found if each.default]
    users = [*_texts(found, "user"), *(each.username or "" for each in urls)]
    databases = [*_texts(found, "database"), *(each.path.strip("/") for each in urls)]
    user = next((text for text in users if text.isidentifier() and text not in _RESERVED), own)
    return user, next((text for text in databases if text.isidentifier()), own)


def _texts(found: tuple[Backend, ...], role: Role) -> Iterator[str]:
    """What is written down comes before what is only a default."""
    parts = [part for each in found if (part := each.part(role)) and part.text]
    yield from (part.text or "" for part in sorted(parts, key=lambda part: part.variable is not None))


def host(backend: Backend) -> str | None:
    """The host name that nothing but the code decides."""
    part = backend.part("host")
    text = (part.text if not part.variable else None) if part else (backend.default if not backend.variable else None)
    return (urlsplit(text).hostname if text and "://" in text else text if part else None) or None


def _written(found: tuple[Backend, ...]) -> Place | None:
    """Where the password of a server is written down."""
    for each in found:
        part = each.part("password")
        if (part and not part.variable and part.text) or (not each.variable and urlsplit(each.default or "").password):
            return each.seen
    return None
