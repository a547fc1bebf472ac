"""Functions that read a variable whose name they are given: each of their calls is a read, with the whole name."""

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

from stackproof.detect import values
from stackproof.detect.code import Code
from stackproof.detect.environment import EnvRead
from stackproof.detect.modules import Function, Module

_MAX_HOPS = 4  # helpers that call helpers
_MAX_DEPTH = 8  # of the expression that makes the name
_CASES: dict[str, Callable[[str], str]] = {"upper": str.upper, "lower": str.lower, "strip": str.strip}


class Asked(NamedTuple):
    """A call that gives the name; without one where the name is made while the program runs."""

    name: str | None
    default: ast.expr | None
    required: bool
    helper: str  # the function that is called
    module: Module
    node: ast.Call


class _Shape(NamedTuple):
    """A name made of one parameter: `name`, `f"{name}_FILE"`, `prefix + name.upper()`."""

    parameter: str
    fill: Callable[[str], str]


def asked(code: Code, module: Module, read: EnvRead, hops: int = 0) -> Iterator[Asked]:
    """The calls behind a read; none where its name is not made of a parameter of the function around it."""
    function = module.within(read.node.lineno)
    shape = _shape(code, module, function, read.name, 0) if function and hops < _MAX_HOPS else None
    if function is None or shape is None:
        return
    for caller, call, bound in _calls(code, module, function):
        given = _given(function, call, shape.parameter, bound)
        default = _default(function, call, read, bound)
        required = read.required and default is None
        text = values.string(code, caller, given)
        further = [] if text is not None or given is None else _further(code, caller, call, given, read, hops)
        for found in further or [Asked(text, default, required, function.name, caller, call)]:
            yield found._replace(name=None if found.name is None else shape.fill(found.name))


def _further(code: Code, caller: Module, call: ast.Call, given: ast.expr, read: EnvRead, hops: int) -> list[Asked]:
    """The caller is such a function itself."""
    return list(asked(code, caller, read._replace(name=given, node=call), hops + 1))


def _shape(code: Code, module: Module, function: Function, node: ast.expr, depth: int) -> _Shape | None:
    if depth > _MAX_DEPTH:
        return None
    if isinstance(node, ast.Name):
        if node.id in _parameters(function):
            return _Shape(node.id, str)
        local = module.local(node.id, node.lineno)
        return _shape(code, module, function, local, depth + 1) if local is not None else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CASES:
        inner = _shape(code, module, function, node.func.value, depth + 1)
        return _around(inner, _CASES[node.func.attr]) if inner else None
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
        return _joined(code, module, function, parts, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _joined(code, module, function, [node.left, node.right], depth)
    return None


def _joined(code: Code, module: Module, function: Function, parts: list[ast.expr], depth: int) -> _Shape | None:
    """Texts that are known, around one part that is not."""
    texts = [values.string(code, module, part) for part in parts]
    if texts.count(None) != 1:
        return None
    position = texts.index(None)
    before, after = ("".join(text or "" for text in side) for side in (texts[:position], texts[position + 1 :]))
    inner = _shape(code, module, function, parts[position], depth + 1)
    return _around(inner, lambda text: f"{before}{text}{after}") if inner else None


def _around(inner: _Shape, outer: Callable[[str], str]) -> _Shape:
    return _Shape(inner.parameter, lambda text: outer(inner.fill(text)))


def _calls(code: Code, module: Module, function: Function) -> Iterator[tuple[Module, ast.Call, int]]:
    """All calls, with the number of arguments that a method is given by itself."""
    owner = next((name for name, node in module.classes.items() if function in node.body), None)
    plain = any(isinstance(mark, ast.Name) and mark.id == "staticmethod" for mark in function.decorator_list)
    full = ".".join(part for part in (module.name, owner, function.name) if part)
    near = (name for name in ("self", "cls") if owner)
    own = (pair for name in near for pair in code.called.get(f"{name}.{function.name}", ()) if pair[0] is module)
    for caller, call in (*code.called.get(full, ()), *own):
        yield caller, call, 1 if owner and not plain else 0


def _parameters(function: Function) -> list[str]:
    arguments = function.args
    return [item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _default(function: Function, call: ast.Call, read: EnvRead, bound: int) -> ast.expr | None:
    if isinstance(read.default, ast.Name):
        return _given(function, call, read.default.id, bound)
    return read.default


def _given(function: Function, call: ast.Call, parameter: str, bound: int) -> ast.expr | None:
    """What a call passes for a parameter, or the parameter's own default."""
    for word in call.keywords:
        if word.arg == parameter:
            return word.value
    arguments = function.args
    names = [item.arg for item in (*arguments.posonlyargs, *arguments.args)]
    if parameter not in names:
        own = dict(zip((item.arg for item in arguments.kwonlyargs), arguments.kw_defaults, strict=True))
        return own.get(parameter)
    position = names.index(parameter)
    if position - bound < len(call.args):
        return call.args[position - bound]
    late = position - len(names) + len(arguments.defaults)
    return arguments.defaults[late] if late >= 0 else None
