"""The forms in which code reads an environment variable: os, environs, django-environ, decouple, starlette."""

import ast
from typing import Literal, NamedTuple

from stackproof.detect.code import Code
from stackproof.detect.modules import Module

Kind = Literal["str", "int", "float", "bool", "other"]

_GETTERS = frozenset({"os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault"})
_READERS = frozenset({
    "environs.Env", "environs.EnvValidator", "environ.Env", "environ.FileAwareEnv", "decouple.Config",
    "decouple.AutoConfig", "starlette.config.Config",
})  # fmt: skip
_CASTS: dict[str, Kind] = {"str": "str", "int": "int", "float": "float", "bool": "bool", "Secret": "str"}
_METHODS: dict[str, Kind] = {**_CASTS, "url": "str", "path": "str", "log_level": "str"}
_FIXED = {
    "db": "DATABASE_URL",
    "cache": "CACHE_URL",
    "email": "EMAIL_URL",
    "search_url": "SEARCH_URL",
}  # django-environ
_SETUP = frozenset({"read_env", "read_envfile", "prefixed", "seal", "dump"})


class EnvRead(NamedTuple):
    """One place where the environment is read; names and defaults are still expressions."""

    name: ast.expr
    default: ast.expr | None
    required: bool
    kind: Kind
    node: ast.expr


def shape(code: Code, module: Module, node: ast.expr) -> EnvRead | None:
    """The read that an expression is, if it is one."""
    if isinstance(node, ast.Call):
        return _call(code, module, node)
    if isinstance(node, ast.Subscript):
        reads = isinstance(node.ctx, ast.Load) and code.meaning(module, node.value) == "os.environ"
        return EnvRead(node.slice, None, True, "str", node) if reads else None
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        asks = code.meaning(module, node.comparators[0]) == "os.environ"
        return EnvRead(node.left, None, False, "str", node) if asks else None
    return None


def _call(code: Code, module: Module, node: ast.Call) -> EnvRead | None:
    name = code.meaning(module, node.func)
    if name is None:
        return None
    if name == "dj_database_url.config":
        return EnvRead(ast.Constant(_FIXED["db"]), _default(node, 0), _default(node, 0) is None, "str", node)
    if name in _GETTERS:
        return _read(node, required=False, kind="str")
    if name == "decouple.config" or _is_reader(code, name):
        return _read(node, required=True, kind=_cast(node))
    reader, _, method = name.rpartition(".")
    if method in _SETUP or not _is_reader(code, reader):
        return None
    if not node.args and method in _FIXED:
        return EnvRead(ast.Constant(_FIXED[method]), _default(node, 1), _default(node, 1) is None, "str", node)
    return _read(node, required=True, kind=_METHODS.get(method, "other"))


def _read(node: ast.Call, *, required: bool, kind: Kind) -> EnvRead | None:
    named = {word.arg: word.value for word in node.keywords}
    name = node.args[0] if node.args else named.get("key") or named.get("name") or named.get("var")
    default = _default(node, 1)
    return EnvRead(name, default, required and default is None, kind, node) if name else None


def _default(node: ast.Call, position: int) -> ast.expr | None:
    for word in node.keywords:
        if word.arg == "default":
            return word.value
    return node.args[position] if len(node.args) > position else None


def _cast(node: ast.Call) -> Kind:
    cast = next((word.value for word in node.keywords if word.arg == "cast"), None)
    if cast is None:
        return "str"
    return _CASTS.get(cast.id, "other") if isinstance(cast, ast.Name) else "other"


def _is_reader(code: Code, name: str) -> bool:
    """A name bound to `Env()` or its like."""
    module, rest = code.split(name)
    made = module.names.get(rest) if module else None
    return module is not None and isinstance(made, ast.Call) and code.meaning(module, made.func) in _READERS
