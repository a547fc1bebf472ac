"""Addresses that the code puts together itself: arguments of drivers, Django's DATABASES, URLs made of parts."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stackproof.detect import backend_kinds, celery_conf, values
from stackproof.detect.code import Code
from stackproof.detect.modules import Module
from stackproof.detect.values import Reading
from stackproof.model.backend_facts import Role
from stackproof.model.facts import Backend, BackendKind, Part
from stackproof.model.source import Place

_CALLS: tuple[tuple[str, BackendKind, tuple[Role, ...]], ...] = (  # and the order of what comes without a word
    (r"(?:redis|valkey|aioredis)(?:\.\w+)*\.(?:Strict)?(?:Redis|Valkey|ConnectionPool)$", "redis", ("host", "port")),
    (r"(?:psycopg2?|asyncpg|pg8000)(?:\.\w+)*\.(?:connect|create_pool)$", "postgresql", ()),
    (r"(?:pymysql|MySQLdb|aiomysql|asyncmy|mariadb|mysql\.connector)(?:\.\w+)*\.(?:connect|create_pool)$", "mysql",
     ("host", "user", "password", "database")),
    (r"(?:^|\.)(?:Async)?(?:Mongo|IOMotor|MotorClient|AsyncIOMotor)(?:Client)?$", "mongodb", ("host", "port")),
    (r"mongoengine(?:\.\w+)*\.connect$", "mongodb", ("database",)),
    (r"(?:^|\.)(?:pika|aio_pika|aiormq)(?:\.\w+)*\.(?:ConnectionParameters|connect|connect_robust)$", "rabbitmq",
     ("host", "port")),
    (r"(?:^|\.)PlainCredentials$", "rabbitmq", ("user", "password")),
    (r"(?:^|\.)(?:Async)?Elasticsearch$", "elasticsearch", ("host",)),
    (r"(?:^|\.)(?:Async)?OpenSearch$", "opensearch", ("host",)),
    (r"smtplib\.SMTP(?:_SSL)?$|(?:^|\.)aiosmtplib\.(?:send|SMTP)$", "smtp", ("host", "port")),
    (r"(?:^|\.)Minio$", "s3", ("host",)),
)  # fmt: skip
_BUILDERS = re.compile(r"(?:PostgresDsn|MySQLDsn|MariaDBDsn|MongoDsn|RedisDsn|AmqpDsn|MultiHostUrl|Url)\.build$"
                       r"|(?:^|\.)URL\.create$")  # fmt: skip
_WORDS: Mapping[str, Role] = {
    "host": "host", "hostname": "host", "hosts": "host", "endpoint_url": "host", "endpoint": "host", "server": "host",
    "port": "port", "user": "user", "username": "user", "login": "user", "password": "password", "passwd": "password",
    "dbname": "database", "database": "database", "db": "database", "name": "database", "path": "database",
    "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "database",
    "ENGINE": "engine",
}  # fmt: skip
_ENGINES: tuple[tuple[str, BackendKind], ...] = (
    (r"postgresql\w*$|postgis$", "postgresql"), (r"mysql$", "mysql"), (r"djongo$|mongodb_?\w*$", "mongodb"),
)  # fmt: skip
_BY_URL = ("elasticsearch", "opensearch", "s3")  # their drivers take a URL for a host
_SERVERS: tuple[BackendKind, ...] = ("postgresql", "mysql")
_HOLE = "\x00"
_URL = re.compile(
    r"[\w+]+://(?:(?P<user>[^:@/]*)(?::(?P<password>[^@/]*))?@)?(?P<host>[^:/?]*)(?::(?P<port>[^/?]*))?"
    r"(?:/(?P<database>[^?]*))?"
)
_ROLES: tuple[Role, ...] = ("host", "port", "user", "password", "database")


class Given(NamedTuple):
    role: Role
    value: ast.expr


def found(known: Code, drivers: frozenset[BackendKind]) -> Iterator[Backend]:
    """One for each place; without a host where the place gives credentials alone."""
    for module in known:
        yield from _calls(known, module)
        yield from _django(known, module, drivers)
        yield from _templates(known, module)


def of_engine(engine: str) -> BackendKind | None:
    return next((kind for pattern, kind in _ENGINES if re.search(pattern, engine)), None)


def _calls(known: Code, module: Module) -> Iterator[Backend]:
    for call in module.nodes(ast.Call):
        name = known.meaning(module, call.func) or ""
        if _BUILDERS.search(name):
            yield from _built(known, module, call)
        elif name.endswith((".client", ".resource")) and "boto" in name:
            yield from _made(known, module, "s3", _words(call), module.place(call))
        else:
            row = next((row for row in _CALLS if re.search(row[0], name)), None)
            if row:
                yield from _made(known, module, row[1], [*_positions(call, row[2]), *_words(call)], module.place(call))


def _positions(call: ast.Call, order: tuple[Role, ...]) -> list[Given]:
    return [Given(role, _first(value)) for role, value in zip(order, call.args, strict=False)]


def _words(call: ast.Call) -> list[Given]:
    named = ((_WORDS.get(word.arg or ""), word.value) for word in call.keywords)
    return [Given(role, _first(value)) for role, value in named if role]


def _first(value: ast.expr) -> ast.expr:
    """Of several hosts the first."""
    return value.elts[0] if isinstance(value, ast.List | ast.Tuple) and value.elts else value


def _built(known: Code, module: Module, call: ast.Call) -> Iterator[Backend]:
    """`PostgresDsn.build(scheme=…, host=…)`, `URL.create("mysql+pymysql", …)`."""
    named = {word.arg: word.value for word in call.keywords if word.arg}
    scheme = values.string(known, module, named.get("scheme") or named.get("drivername") or next(iter(call.args), None))
    if kind := backend_kinds.of_url(f"{scheme}://"):
        yield from _made(known, module, kind, _words(call), module.place(call), scheme)


def _django(known: Code, module: Module, drivers: frozenset[BackendKind]) -> Iterator[Backend]:
    """An engine that a variable decides is the one that the project has a driver for."""
    for table in module.nodes(ast.Dict):
        rows = {
            values.string(known, module, key): (value, seen) for key, value, seen in celery_conf.pairs(module, table)
        }
        if "ENGINE" in rows and "HOST" in rows:
            engine, seen = rows["ENGINE"]
            reading = values.read(known, module, engine) or Reading(None)
            chosen = next((kind for kind in _SERVERS if kind in drivers), None) if reading.variable else None
            roles = ((_WORDS.get(key or ""), value) for key, (value, _) in rows.items())
            given = [Given(role, value) for role, value in roles if role]
            if kind := of_engine(str(reading.value)) or chosen:
                yield from _made(known, module, kind, given, seen)


def _templates(known: Code, module: Module) -> Iterator[Backend]:
    """`f"postgresql://{user}:{password}@{host}/{name}"`: each part a hole or a text."""
    for node in module.nodes(ast.JoinedStr):
        holes = [item.value for item in node.values if isinstance(item, ast.FormattedValue)]
        texts = (str(item.value) if isinstance(item, ast.Constant) else _HOLE for item in node.values)
        text = "".join(texts)
        shape = _URL.match(text)
        if shape and (kind := backend_kinds.of_url(text)):
            given = [Given(role, _filled(shape, role, text, holes)) for role in _ROLES if shape[role]]
            yield from _made(known, module, kind, given, module.place(node), text.partition("://")[0])


def _filled(shape: re.Match[str], role: Role, text: str, holes: list[ast.expr]) -> ast.expr:
    """The expression of a part that is one hole, else its text; what mixes both has no text."""
    part = shape[role]
    if part == _HOLE:
        return holes[text.count(_HOLE, 0, shape.start(role))]
    return ast.Constant(None if _HOLE in part else part)


def _made(
    known: Code, module: Module, kind: BackendKind, given: list[Given], seen: Place, scheme: str | None = None
) -> Iterator[Backend]:
    parts = tuple(part for item in given if (part := _part(known, module, item)))
    host = next((part for part in parts if part.role == "host"), None)
    if not parts or (host and "://" in (host.text or "") and kind not in _BY_URL):
        return  # a whole URL is read as such
    yield Backend(kind, None, f"{scheme}://" if scheme else None, seen, parts)


def _part(known: Code, module: Module, item: Given) -> Part | None:
    reading = values.read(known, module, item.value) or Reading(None)
    if reading.variable is None and reading.text is None:
        return None
    return Part(item.role, reading.variable, reading.text)
