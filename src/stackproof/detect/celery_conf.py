"""Celery's settings, wherever they stand: conf.update, conf.x = ..., a configuration module, Django's settings."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from stackproof.detect import values
from stackproof.detect.code import Code
from stackproof.detect.modules import Module, bindings, dotted
from stackproof.model.source import Place


class Written(NamedTuple):
    """One setting as it is written, with the expression of its value."""

    name: str  # lower case, without a prefix: task_routes
    value: ast.expr
    module: Module
    seen: Place


@lru_cache(maxsize=8)
def written(code: Code) -> tuple[Written, ...]:
    return tuple(item for module in code if _concerns(module) for item in _of_module(code, module))


def entries(code: Code, module: Module, node: ast.expr) -> tuple[Module, ast.Dict] | None:
    """The dict literal that an expression means: itself, or a constant of the project."""
    if isinstance(node, ast.Dict):
        return module, node
    if isinstance(node, ast.Name) and isinstance(local := module.local(node.id, node.lineno), ast.Dict):
        return module, local
    home, rest = code.split(code.meaning(module, node) or "")
    value = home.names.get(rest) if home else None
    return (home, value) if home and isinstance(value, ast.Dict) else None


def pairs(module: Module, node: ast.Dict) -> Iterator[tuple[ast.expr, ast.expr, Place]]:
    """Keys and values of a dict literal, with the line of the key."""
    for key, value in zip(node.keys, node.values, strict=True):
        if key is not None:
            yield key, value, module.place(key)


def _concerns(module: Module) -> bool:
    return any("celery" in name.lower() for name in module.needs)


def _of_module(code: Code, module: Module) -> Iterator[Written]:
    for call in module.nodes(ast.Call):
        name = dotted(call.func) or ""
        if name.endswith("conf.update"):
            yield from _updated(code, module, call)
        elif name.endswith("config_from_object") and call.args:
            yield from _from_object(code, module, call)
    for node in module.nodes(ast.Assign):
        for target in node.targets:
            path = dotted(target) or ""
            if ".conf." in path:
                yield Written(path.rpartition(".")[2], node.value, module, module.place(node))


def _updated(code: Code, module: Module, call: ast.Call) -> Iterator[Written]:
    for word in call.keywords:
        if word.arg:
            yield Written(word.arg, word.value, module, module.place(word))
    for given in [*call.args, *(word.value for word in call.keywords if not word.arg)]:
        yield from _from_dict(code, module, given)


def _from_dict(code: Code, module: Module, given: ast.expr) -> Iterator[Written]:
    home, known = entries(code, module, given) or (None, None)
    if home and known:
        for key, value, seen in pairs(home, known):
            if name := values.string(code, home, key):
                yield Written(name, value, home, seen)


def _from_object(code: Code, module: Module, call: ast.Call) -> Iterator[Written]:
    """A module or class by name or as an object, Django's settings with their namespace, or a dict."""
    given = call.args[0]
    yield from _from_dict(code, module, given)
    space = next((word.value for word in call.keywords if word.arg == "namespace"), None)
    prefix = f"{values.string(code, module, space) or ''}_".lstrip("_")
    name = values.string(code, module, given) or code.meaning(module, given) or ""
    homes = list(code) if name.startswith("django.conf") else [home for home in code if home.name == name]
    for home in homes:
        for statement in home.statements:
            for bound, value in bindings([statement]):
                if bound.startswith(prefix):
                    yield Written(bound.removeprefix(prefix).lower(), value, home, home.place(statement))
    if known := code.klass(code.follow(name.replace(":", "."))):
        home, node = known
        for item in node.body:
            for bound, value in bindings([item]):
                yield Written(bound.lower(), value, home, home.place(item))
