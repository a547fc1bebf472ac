"""Connection pools of SQLAlchemy, psycopg and asyncpg: how many connections one process may open."""

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stackproof.detect import celery_conf, code, values
from stackproof.detect.code import Code
from stackproof.detect.modules import Module
from stackproof.detect.values import Reading
from stackproof.model.facts import POOL, Ambiguity, ConnectionPool, Fact
from stackproof.model.source import Place, SourceTree


class _Kind(NamedTuple):
    """The options of a pool: their names, best first, and what the library takes where none is given."""

    size: tuple[str, ...]
    size_default: int
    overflow: str
    overflow_default: int


# SQLAlchemy: QueuePool(pool_size=5, max_overflow=10). psycopg_pool: min_size=4, max_size=None means min_size.
# asyncpg: create_pool(min_size=10, max_size=10).
_SQLALCHEMY = _Kind(("pool_size",), 5, "max_overflow", 10)
_PSYCOPG = _Kind(("max_size", "min_size"), 4, "", 0)
_ASYNCPG = _Kind(("max_size",), 10, "", 0)
_MAKERS = {
    "sqlalchemy.create_engine": _SQLALCHEMY,
    "sqlalchemy.engine.create_engine": _SQLALCHEMY,
    "sqlalchemy.ext.asyncio.create_async_engine": _SQLALCHEMY,
    "sqlmodel.create_engine": _SQLALCHEMY,
    "flask_sqlalchemy.SQLAlchemy": _SQLALCHEMY,
    "psycopg_pool.ConnectionPool": _PSYCOPG,
    "psycopg_pool.AsyncConnectionPool": _PSYCOPG,
    "asyncpg.create_pool": _ASYNCPG,
}
_FLASK = "flask_sqlalchemy.SQLAlchemy"
_FLASK_OPTIONS = "SQLALCHEMY_ENGINE_OPTIONS"
_UNBOUNDED = frozenset({"NullPool"})

Options = Mapping[str, ast.expr]


def detect(tree: SourceTree) -> Iterator[Fact]:
    known = code.read(tree)
    for module in known:
        for call in module.nodes(ast.Call):
            name = known.meaning(module, call.func) or ""
            if name in _MAKERS and not _is_sqlite(known, module, call):
                home, options = _options(known, module, call) if name != _FLASK else _flask_options(known, module)
                yield _pool(known, home, options, _MAKERS[name], module.place(call))


def _pool(known: Code, module: Module, options: Options, kind: _Kind, seen: Place) -> Fact:
    stated = next((options[name] for name in kind.size if name in options), None)
    size = _number(known, module, stated, kind.size_default)
    overflow = _number(known, module, options.get(kind.overflow), kind.overflow_default)
    if "poolclass" in options and (known.meaning(module, options["poolclass"]) or "").rpartition(".")[2] in _UNBOUNDED:
        return _unknown(seen, "it has no pool: each request opens a connection of its own")
    if size is None or overflow is None:
        return _unknown(seen, "its size is made while the program runs")
    if size.value == 0 or int(str(overflow.value)) < 0:
        return _unknown(seen, "it has no upper bound")
    return ConnectionPool(int(str(size.value)), int(str(overflow.value)), size.variable, overflow.variable, seen)


def _number(known: Code, module: Module, node: ast.expr | None, default: int) -> Reading | None:
    found = values.read(known, module, node) if node is not None else Reading(default)
    if found and found.value is None:
        found = Reading(default, found.variable)
    return found if found and str(found.value).removeprefix("-").isdecimal() else None


def _is_sqlite(known: Code, module: Module, call: ast.Call) -> bool:
    url = values.string(known, module, call.args[0]) if call.args else None
    return (url or "").startswith("sqlite")


def _options(known: Code, module: Module, call: ast.Call) -> tuple[Module, Options]:
    """The words of the call, and those of a dict that it spreads."""
    found: dict[str, ast.expr] = {}
    for word in call.keywords:
        if word.arg:
            found[word.arg] = word.value
        elif spread := celery_conf.entries(known, module, word.value):
            found.update(_entries(known, *spread))
    return module, found


def _flask_options(known: Code, module: Module) -> tuple[Module, Options]:
    """Flask-SQLAlchemy takes them from the application's configuration."""
    for home in known:
        for node in home.nodes(ast.Assign):
            if _FLASK_OPTIONS in ast.unparse(node.targets[0]) and (
                spread := celery_conf.entries(known, home, node.value)
            ):
                return spread[0], _entries(known, *spread)
    return module, {}


def _entries(known: Code, module: Module, table: ast.Dict) -> dict[str, ast.expr]:
    pairs = celery_conf.pairs(module, table)
    return {name: value for key, value, _ in pairs if (name := values.string(known, module, key))}


def _unknown(seen: Place, because: str) -> Ambiguity:
    return Ambiguity(
        about=POOL,
        chosen="not counted",
        candidates=(),
        because=because,
        setting="pool_size and max_overflow in the source, as numbers or settings with defaults",
        seen=seen,
    )
