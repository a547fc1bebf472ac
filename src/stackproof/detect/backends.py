"""Redis, PostgreSQL and SQLite, by the URLs that the code uses; a name without a URL counts only with its driver."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from stackproof.detect import celery_conf, code, environment_reads, requirements, settings_classes, values
from stackproof.detect.code import Code
from stackproof.detect.modules import Module, bindings
from stackproof.detect.values import Reading
from stackproof.model.facts import Ambiguity, Backend, Fact
from stackproof.model.source import Place, SourceTree

Kind = Literal["redis", "postgresql", "sqlite"]

_SCHEMES: tuple[tuple[str, Kind], ...] = (
    (r"(?:rediss?|valkeys?|redis\+socket)://", "redis"),
    (r"postgres(?:ql)?(?:\+\w+)?://|postgis://", "postgresql"),
    (r"sqlite(?:\+\w+)?://", "sqlite"),
)
_NAMES: tuple[tuple[str, Kind], ...] = (
    (r"(?:REDIS|VALKEY).*(?:URL|URI|DSN)$|(?:BROKER|RESULT_BACKEND|CACHE)(?:_URL|_URI)?$", "redis"),
    (r"(?:POSTGRES|POSTGRESQL|PG).*(?:URL|URI|DSN)$|(?:DATABASE|DB)_(?:URL|URI|DSN)$", "postgresql"),
)
_HOSTS: tuple[tuple[str, Kind], ...] = (
    (r"(?:REDIS|VALKEY)_?(?:HOST|SERVER)$", "redis"),
    (r"(?:POSTGRES(?:QL)?|PG|DB|DATABASE)_?(?:HOST|SERVER)$", "postgresql"),
)
_REDIS_DRIVERS = frozenset({"redis", "aioredis", "valkey", "django-redis", "rq", "arq", "redis-om", "coredis"})
_POSTGRES_DRIVERS = frozenset({"psycopg", "psycopg-binary", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000"})
_CONNECTS = re.compile(
    r"(?:^|\.)(?:create_engine|create_async_engine|from_url|Celery|connect|Database|ConnectionPool|Redis"
    r"|SocketIO|(?:Async)?RedisManager)$"
)
_CONNECTS_SQLITE = frozenset({"sqlite3.connect", "aiosqlite.connect"})
_SETTINGS = frozenset({"broker_url", "result_backend"})


class Used(NamedTuple):
    """A value or variable that the code may use as the address of a backend."""

    reading: Reading
    seen: Place


def detect(tree: SourceTree) -> Iterator[Fact]:
    backends = found(tree)
    yield from backends
    if "postgresql" in _drivers(tree):
        yield from (_doubt(item) for item in backends if item.kind == "sqlite" and item.variable)


@lru_cache(maxsize=8)
def found(tree: SourceTree) -> tuple[Backend, ...]:
    """One for each kind and variable (or address); a host name alone counts where nothing names a URL."""
    known = code.read(tree)
    drivers = _drivers(tree)
    used = [*_settings(known), *_reads(known), *_connections(known), *_constants(known)]
    by_url = [_backend(item, kind) for item in used if (kind := _kind(item.reading, drivers))]
    backends: dict[tuple[Kind, str | None], Backend] = {}
    for item in (*by_url, *_django(known)):
        backends.setdefault((item.kind, item.variable or item.default), item)
    kinds = {item.kind for item in backends.values()}
    hosts = [(kind, item) for item in used if (kind := _by_name(_HOSTS, item.reading, drivers)) and kind not in kinds]
    by_host = {kind: Backend(kind, None, None, item.seen) for kind, item in reversed(hosts)}
    return (*backends.values(), *reversed(by_host.values()))


def _backend(item: Used, kind: Kind) -> Backend:
    return Backend(kind, item.reading.variable, item.reading.text, item.seen)


def _kind(reading: Reading, drivers: frozenset[Kind]) -> Kind | None:
    """By the scheme of the URL; without one by the name of the variable, where the driver is there."""
    if isinstance(reading.value, str) and reading.value:
        return next((kind for pattern, kind in _SCHEMES if re.match(pattern, reading.value)), None)
    return _by_name(_NAMES, reading, drivers)


def _by_name(names: tuple[tuple[str, Kind], ...], reading: Reading, drivers: frozenset[Kind]) -> Kind | None:
    name = (reading.variable or "").upper()
    return next(
        (kind for pattern, kind in names if kind in drivers and re.search(rf"(?:^|_)(?:{pattern})", name)), None
    )


def _drivers(tree: SourceTree) -> frozenset[Kind]:
    names = requirements.names(tree)
    redis = bool(names & _REDIS_DRIVERS) or "redis" in {
        *requirements.extras_of(tree, "celery"),
        *requirements.extras_of(tree, "kombu"),
    }
    kinds: dict[Kind, bool] = {"redis": redis, "postgresql": bool(names & _POSTGRES_DRIVERS)}
    return frozenset(kind for kind, there in kinds.items() if there)


def _settings(known: Code) -> Iterator[Used]:
    for name in settings_classes.classes(known):
        for field in settings_classes.fields(known, name).values():
            default = values.read(known, field.module, field.default) if field.default is not None else None
            yield Used(Reading(default.value if default else None, field.variable), field.module.place(field.node))


def _reads(known: Code) -> Iterator[Used]:
    for read in environment_reads.reads(known):
        if read.name:
            default = read.default.value if read.default else None
            yield Used(Reading(default, read.name), read.module.place(read.node))


def _connections(known: Code) -> Iterator[Used]:
    """What is given to create_engine, from_url, Celery, sqlite3.connect and Celery's own settings."""
    for module in known:
        for call in module.nodes(ast.Call):
            name = known.meaning(module, call.func) or (call.func.attr if isinstance(call.func, ast.Attribute) else "")
            if name in _CONNECTS_SQLITE:
                yield from _sqlite(known, module, call)
            elif _CONNECTS.search(name):
                for given in (*call.args[:2], *(word.value for word in call.keywords)):
                    yield from _used(known, module, given, module.place(call))
    for item in celery_conf.written(known):
        if item.name in _SETTINGS:
            yield from _used(known, item.module, item.value, item.seen)


def _sqlite(known: Code, module: Module, call: ast.Call) -> Iterator[Used]:
    path = values.read(known, module, call.args[0]) if call.args else None
    if path and isinstance(path.value, str) and not path.value.startswith("file:"):
        yield Used(Reading(f"sqlite:///{path.value}", path.variable), module.place(call))


def _constants(known: Code) -> Iterator[Used]:
    """`DATABASE_URL = "..."` at module level or in a class, `app.config["SQLALCHEMY_DATABASE_URI"] = "..."`."""
    for module in known:
        for node in module.nodes(ast.Assign):
            target = node.targets[0]
            bound = next((name for name, _ in bindings([node])), "")
            key = (
                target.slice.value
                if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant)
                else ""
            )
            if re.search(r"UR[LI]$", (bound or str(key)).upper()):
                yield from _used(known, module, node.value, module.place(node))


def _used(known: Code, module: Module, node: ast.expr, seen: Place) -> Iterator[Used]:
    reading = values.read(known, module, node)
    if reading and isinstance(reading.value, str):
        yield Used(reading, seen)


def _django(known: Code) -> Iterator[Backend]:
    """DATABASES: the engine, and for SQLite the file."""
    for module in known:
        for table in module.nodes(ast.Dict):
            words = {
                values.string(known, module, key): (value, seen)
                for key, value, seen in celery_conf.pairs(module, table)
            }
            if "ENGINE" in words:
                engine, seen = words["ENGINE"]
                name = values.string(known, module, words["NAME"][0]) if "NAME" in words else None
                yield from _engine(values.string(known, module, engine) or "", name, seen)


def _engine(engine: str, name: str | None, seen: Place) -> Iterator[Backend]:
    if engine.endswith("sqlite3"):
        yield Backend("sqlite", None, f"sqlite:///{name}" if name else None, seen)
    elif re.search(r"postgresql\w*$|postgis$", engine):
        yield Backend("postgresql", None, None, seen)


def _doubt(item: Backend) -> Ambiguity:
    return Ambiguity(
        about="database",
        chosen="sqlite",
        candidates=("sqlite", "postgresql"),
        because=f"the default of {item.variable} is SQLite, and a PostgreSQL driver is installed too",
        setting=f"the environment variable {item.variable}",
        seen=item.seen,
    )
