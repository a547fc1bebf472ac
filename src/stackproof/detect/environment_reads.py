"""Every read of the environment in the code, with name, default and type; helpers that take the name are followed."""

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from stackproof.detect import environment, values
from stackproof.detect.code import Code
from stackproof.detect.environment import EnvRead, Kind
from stackproof.detect.modules import Function, Module, walk
from stackproof.detect.values import Reading

_NUMBERS: Mapping[str, Kind] = {"int": "int", "float": "float"}
_TRUTHS = frozenset({"1", "true", "yes", "on", "y", "t", "0", "false", "no", "off", "n", "f", ""})


class Found(NamedTuple):
    """A read; without a name where the name is made while the program runs."""

    name: str | None
    default: Reading | None  # None: a default that is made while the program runs, or no default
    required: bool
    kind: Kind
    module: Module
    node: ast.expr


@lru_cache(maxsize=8)
def reads(code: Code) -> tuple[Found, ...]:
    return tuple(found for module in code for found in _of_module(code, module))


def _of_module(code: Code, module: Module) -> Iterator[Found]:
    kinds = _kinds(module)
    nodes: list[ast.expr] = [*module.nodes(ast.Call), *module.nodes(ast.Subscript), *module.nodes(ast.Compare)]
    for node in sorted(nodes, key=lambda item: (item.lineno, item.col_offset)):
        if read := environment.shape(code, module, node):
            kind = kinds.get(id(node), read.kind)
            name = values.string(code, module, read.name)
            helped = [] if name else list(_helped(code, module, read, kind))
            yield from helped or [Found(name, _default(code, module, read.default), read.required, kind, module, node)]


def _default(code: Code, module: Module, node: ast.expr | None) -> Reading | None:
    return values.read(code, module, node) if node is not None else None


@lru_cache(maxsize=4096)
def _kinds(module: Module) -> Mapping[int, Kind]:
    """Types that the surrounding expression gives: `int(os.environ[...])`, `os.getenv(...) == "true"`."""
    found: dict[int, Kind] = {}
    for comparison in module.nodes(ast.Compare):
        if _asks_truth(comparison):
            found.update({id(node): "bool" for node in walk(comparison.left)})
    for call in module.nodes(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id in _NUMBERS and call.args:
            found.update({id(node): _NUMBERS[call.func.id] for node in walk(call.args[0])})
    return found


def _asks_truth(comparison: ast.Compare) -> bool:
    right = comparison.comparators[0]
    items = right.elts if isinstance(right, ast.Tuple | ast.List | ast.Set) else [right]
    return all(isinstance(item, ast.Constant) and str(item.value).lower() in _TRUTHS for item in items)


def _helped(code: Code, module: Module, read: EnvRead, kind: Kind) -> Iterator[Found]:
    """`def env(name): return os.environ[name]`: the calls of such a function are the reads."""
    function = module.within(read.node.lineno)
    if function is None or not isinstance(read.name, ast.Name):
        return
    for caller in code:
        for call in caller.nodes(ast.Call):
            if code.meaning(caller, call.func) == f"{module.name}.{function.name}":
                given = _given(function, call, read.name.id)
                name = values.string(code, caller, given)
                default = _default_given(function, call, read)
                value = _default(code, caller, default)
                own = _kinds(caller).get(id(call), kind)
                yield Found(name, value, read.required and default is None, own, caller, call)


def _default_given(function: Function, call: ast.Call, read: EnvRead) -> ast.expr | None:
    if isinstance(read.default, ast.Name):
        return _given(function, call, read.default.id)
    return read.default


def _given(function: Function, call: ast.Call, parameter: str) -> ast.expr | None:
    """What a call passes for a parameter, or the parameter's own default."""
    for word in call.keywords:
        if word.arg == parameter:
            return word.value
    names = [item.arg for item in function.args.args]
    position = names.index(parameter) if parameter in names else len(call.args)
    if position < len(call.args):
        return call.args[position]
    late = position - len(names) + len(function.args.defaults)
    return function.args.defaults[late] if 0 <= late < len(function.args.defaults) else None
