"""The servers that the code talks to, by the URLs that it uses; a name without a URL counts only with its driver."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from stackproof.detect import backend_kinds, celery_conf, code, connections, environment_reads, settings_classes, values
from stackproof.detect.code import Code
from stackproof.detect.modules import Module, bindings
from stackproof.detect.values import Reading
from stackproof.model.facts import Ambiguity, Backend, BackendKind, Fact, Part
from stackproof.model.source import Place, SourceTree

_CONNECTS = re.compile(
    r"(?:^|\.)(?:create_engine|create_async_engine|from_url|Celery|connect|Database|ConnectionPool|Redis"
    r"|SocketIO|(?:Async)?RedisManager|(?:Async|AsyncIOMotor)?(?:Mongo)?Client|URLParameters|connect_robust)$"
)
_CONNECTS_SQLITE = frozenset({"sqlite3.connect", "aiosqlite.connect"})
_SETTINGS = frozenset({"broker_url", "result_backend"})
_WITHOUT = ("smtp", "postgresql", "mysql")  # Python's own, or named by Django's engine: no driver has to say so too
_WEB = ("http://", "https://")  # what Elasticsearch and S3 are asked by: the name says which it is


class Used(NamedTuple):
    """A value or variable that the code may use as the address of a backend."""

    reading: Reading
    seen: Place


def detect(tree: SourceTree) -> Iterator[Fact]:
    backends = found(tree)
    server = next((item for item in backends if item.kind in ("postgresql", "mysql")), None)
    aside = [item for item in backends if server and item.kind == "sqlite" and not item.variable and _is_django(item)]
    yield from (item for item in backends if item not in aside)
    yield from (_aside(item, server) for item in aside if server)
    if "postgresql" in backend_kinds.drivers(tree):
        yield from (_doubt(item) for item in backends if item.kind == "sqlite" and item.variable)


@lru_cache(maxsize=8)
def found(tree: SourceTree) -> tuple[Backend, ...]:
    """One for each kind and variable (or address); a host name alone counts where nothing names a URL."""
    known = code.read(tree)
    drivers = backend_kinds.drivers(tree)
    used = [*_settings(known), *_reads(known), *_connections(known), *_constants(known)]
    by_url = [_backend(item, kind) for item in used if (kind := _kind(item.reading, drivers))]
    by_parts = _by_parts(known, drivers)
    backends: dict[tuple[BackendKind, str | None], Backend] = {}
    for item in (*by_url, *_django(known)):
        backends.setdefault((item.kind, item.variable or item.default), item)
    kinds = {item.kind for item in (*backends.values(), *by_parts)}
    hosts = [
        (kind, item) for item in used if (kind := backend_kinds.of_host(item.reading.variable, drivers)) not in kinds
    ]
    by_host = {kind: Backend(kind, None, None, item.seen) for kind, item in reversed(hosts) if kind}
    return (*backends.values(), *by_parts, *reversed(by_host.values()))


def _by_parts(known: Code, drivers: frozenset[BackendKind]) -> tuple[Backend, ...]:
    """One for each kind and host; what a second place says beside that, the first did not say. A driver is needed."""
    merged: dict[tuple[BackendKind, Part | None], Backend] = {}
    made = [item for item in connections.found(known, drivers) if item.kind in drivers or item.kind in _WITHOUT]
    credentials = [item for item in made if item.part("host") is None]
    for item in made:
        if host := item.part("host"):
            more = [part for other in credentials if other.kind == item.kind for part in other.parts]
            earlier = merged.setdefault((item.kind, host), item)
            parts = {part.role: part for part in (*more, *item.parts, *earlier.parts)}
            merged[item.kind, host] = replace(earlier, parts=tuple(parts.values()))
    return tuple(merged.values())


def _backend(item: Used, kind: BackendKind) -> Backend:
    return Backend(kind, item.reading.variable, item.reading.text, item.seen)


def _kind(reading: Reading, drivers: frozenset[BackendKind]) -> BackendKind | None:
    """By the scheme of the URL; without one by the name of the variable, where the driver is there."""
    text = reading.value if isinstance(reading.value, str) else ""
    if text and not text.startswith(_WEB):
        return backend_kinds.of_url(text)
    return backend_kinds.of_name(reading.variable, drivers)


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
    """DATABASES with the file of SQLite; or with a server that nothing says the place of."""
    for module in known:
        for table in module.nodes(ast.Dict):
            words = {
                values.string(known, module, key): (value, seen)
                for key, value, seen in celery_conf.pairs(module, table)
            }
            if "ENGINE" in words:
                engine, seen = words["ENGINE"]
                name = values.string(known, module, words["NAME"][0]) if "NAME" in words else None
                text = values.string(known, module, engine) or ""
                if text.endswith("sqlite3"):
                    yield Backend("sqlite", None, f"sqlite:///{name}" if name else None, seen)
                elif "HOST" not in words and (kind := connections.of_engine(text)):
                    yield Backend(kind, None, None, seen)


def _is_django(item: Backend) -> bool:
    return "settings" in item.seen.path


def _aside(item: Backend, server: Backend) -> Ambiguity:
    return Ambiguity(
        about="database",
        chosen=server.kind,
        candidates=(server.kind, "sqlite"),
        because=f"{server.seen} names a server, and this line SQLite: the settings choose while the program runs",
        setting="the variable that chooses between the two (DEBUG or its like)",
        seen=item.seen,
    )


def _doubt(item: Backend) -> Ambiguity:
    return Ambiguity(
        about="database",
        chosen="sqlite",
        candidates=("sqlite", "postgresql"),
        because=f"the default of {item.variable} is SQLite, and a PostgreSQL driver is installed too",
        setting=f"the environment variable {item.variable}",
        seen=item.seen,
    )
