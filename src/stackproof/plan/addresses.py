"""How the code is told where the stores are, and their passwords: by the variables that it reads for that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from stackproof.model.facts import Backend, CeleryApp, Program, SecretFile, Variable
from stackproof.model.source import Place
from stackproof.model.stack import Assignment, Because
from stackproof.plan.given import Given
from stackproof.plan.stores import CACHE, REDIS, Store

_NAMES = {REDIS: "Redis", CACHE: "cache", "postgres": "PostgreSQL"}
_ENDS = ("_URL", "_URI", "_DSN")
_PREFIXES = {
    REDIS: ("REDIS_", "BROKER_"),
    CACHE: ("CACHE_", "REDIS_CACHE_", "CACHE_REDIS_"),
    "postgres": ("POSTGRES_", "POSTGRESQL_", "DATABASE_", "DB_", "PG"),
}
_DRIVERS = ("psycopg", "asyncpg", "psycopg2")


@dataclass(frozen=True, slots=True)
class Held:
    """A variable of the code's services; `store`: only those get it that talk to this one."""

    assignment: Assignment
    store: str | None = None


def addresses(given: Given, stores: tuple[Store, ...]) -> Iterator[Held]:
    for store in stores:
        named = [backend for backend in store.backends if backend.variable]
        for backend in named:
            yield from (Held(each, store.name) for each in _url(given, store, backend, backend.variable or ""))
        if store.name == REDIS and not named and given.project.first(CeleryApp):
            # Celery reads this one by itself, before anything that the code configures.
            yield Held(_fixed("CELERY_BROKER_URL", _redis(store, None, True), store, store.seen), store.name)
        if store.name == REDIS and any(fact.kind == "rq" for fact in given.project.all(Program)):
            # `rq worker` reads this one, not what the code reads.
            default = named[0].default if named else None
            yield Held(_fixed("RQ_REDIS_URL", _redis(store, default, True), store, store.seen), store.name)
        for prefix in _PREFIXES[store.name]:
            yield from (Held(each, store.name) for each in _parts(given, store, prefix))


def covered(given: Given, told: tuple[Held, ...]) -> frozenset[str]:
    """The variables that these are about; a password also by the name of its file."""
    names = {held.assignment.name for held in told}
    return frozenset({*names, *(name for name, fact in files(given).items() if fact.file_variable in names)})


def password(given: Given, variable: str, secret: str, because: Because) -> Iterator[Assignment]:
    """A variable of the code that holds a secret: by the name of its file if the code reads one, else revealed."""
    file = files(given).get(variable)
    if file is None:
        yield Assignment(variable, f"@{{reveal.{secret}}}", False, required=True, secret=True, because=because)
        return
    yield Assignment(
        file.file_variable, f"@{{secret.{secret}}}", False, required=True, because=Because(because.text, file.seen)
    )
    if variable in _read(given):
        yield Assignment(variable, None, settable=False, secret=True, because=because)


def files(given: Given) -> Mapping[str, SecretFile]:
    """The secrets that the code reads from files, by variable."""
    return {fact.variable: fact for fact in given.project.all(SecretFile)}


def _read(given: Given) -> Mapping[str, Variable]:
    return {fact.name: fact for fact in given.project.all(Variable)}


def _url(given: Given, store: Store, backend: Backend, variable: str) -> Iterator[Assignment]:
    own = _password_variable(given, variable)
    if store.kind == "redis":
        url = _redis(store, backend.default, own is None)
    else:
        url = _postgres(given, store, backend.default, own is None)
    yield _fixed(variable, url, store, backend.seen)
    if own:
        because = Because(f"the password of the stack's own {_NAMES[store.name]}", backend.seen)
        yield from password(given, own, store.password, because)


def _password_variable(given: Given, variable: str) -> str | None:
    """The one that belongs to a URL's variable: REDIS_PASSWORD beside REDIS_URL."""
    stem = variable
    for end in _ENDS:
        stem = stem.removesuffix(end)
    stems = dict.fromkeys((stem, stem.removesuffix("_REDIS"), stem.removeprefix("REDIS_")))
    known = {*_read(given), *files(given)}
    return next((name for each in stems if (name := f"{each}_PASSWORD") in known), None)


def _redis(store: Store, default: str | None, revealed: bool) -> str:
    database = urlsplit(default or "").path.strip("/")
    who = f":@{{reveal.{store.password}}}@" if revealed else ""
    return f"redis://{who}@{{{store.name}.host}}:@{{{store.name}.port}}/{database if database.isdigit() else '0'}"


def _postgres(given: Given, store: Store, default: str | None, revealed: bool) -> str:
    who = f"{store.user}:@{{reveal.{store.password}}}" if revealed else store.user
    where = f"@{{{store.name}.host}}:@{{{store.name}.port}}"
    return f"{_scheme(given, default)}://{who}@{where}/{store.database}"


def _scheme(given: Given, default: str | None) -> str:
    """The code's own; else what SQLAlchemy needs for the driver that is there."""
    if default and "://" in default:
        return default.partition("://")[0]
    driver = next((name for name in _DRIVERS if given.installed(name)), None)
    return f"postgresql+{driver}" if driver and given.installed("sqlalchemy") else "postgresql"


def _parts(given: Given, store: Store, prefix: str) -> Iterator[Assignment]:
    """Host, port, user, name and password apart, where the code reads a host."""
    read = _read(given)
    if f"{prefix}HOST" not in read:
        return
    values = {
        "HOST": f"@{{{store.name}.host}}", "PORT": f"@{{{store.name}.port}}", "USER": store.user,
        "NAME": store.database, "DB": store.database, "DATABASE": store.database,
    }  # fmt: skip
    for name, value in values.items():
        if value and (found := read.get(f"{prefix}{name}")):
            yield _fixed(found.name, value, store, found.seen)
    if f"{prefix}PASSWORD" in {*read, *files(given)}:
        because = Because(f"the password of the stack's own {_NAMES[store.name]}", read[f"{prefix}HOST"].seen)
        yield from password(given, f"{prefix}PASSWORD", store.password, because)


def _fixed(name: str, value: str, store: Store, seen: Place) -> Assignment:
    return Assignment(name, value, settable=False, because=Because(f"the stack's own {_NAMES[store.name]}", seen))
