"""Every read of the environment in the code, with name, default and type; helpers that take the name are followed."""

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from stackproof.detect import environment, environment_helpers, values
from stackproof.detect.code import Code
from stackproof.detect.environment import EnvRead, Kind
from stackproof.detect.modules import Module, dotted, walk
from stackproof.detect.values import Reading

_NUMBERS: Mapping[str, Kind] = {"int": "int", "float": "float"}
_FAILING = frozenset({"int", "float", "Path", "pathlib.Path", "json.loads", "os.path.join", "base64.b64decode"})
_TRUTHS = frozenset({"1", "true", "yes", "on", "y", "t", "0", "false", "no", "off", "n", "f", ""})


class Found(NamedTuple):
    """A read; without a name where the name is made while the program runs."""

    name: str | None
    default: Reading | None  # None: a default that is made while the program runs, or no default
    required: bool
    kind: Kind
    module: Module
    node: ast.expr
    helper: str = ""  # the function of the project that reads it for the caller


@lru_cache(maxsize=8)
def reads(code: Code) -> tuple[Found, ...]:
    return tuple(found for module in code for found in _of_module(code, module))


def _of_module(code: Code, module: Module) -> Iterator[Found]:
    """What looks optional is needed where its use fails without it, unless the module looks first if it is there."""
    crashes, found = _crashes(module), tuple(_found(code, module))
    looked = {item.name for item in found if id(item.node) not in crashes}
    for item in found:
        fails = id(item.node) in crashes and item.default is None and item.name not in looked
        yield item._replace(required=item.required or fails)


@lru_cache(maxsize=4096)
def _crashes(module: Module) -> frozenset[int]:
    """`int(os.getenv("X"))`, `os.getenv("X").split(",")`: both fail on None."""
    calls = module.nodes(ast.Call)
    cast = (call.args[0] for call in calls if call.args and dotted(call.func) in _FAILING)
    asked = (call.func.value for call in calls if isinstance(call.func, ast.Attribute))
    return frozenset(id(node) for node in (*cast, *asked) if isinstance(node, ast.Call))


def _found(code: Code, module: Module) -> Iterator[Found]:
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
    for found in environment_helpers.asked(code, module, read):
        value = _default(code, found.module, found.default)
        own = _kinds(found.module).get(id(found.node), kind)
        yield Found(found.name, value, found.required, own, found.module, found.node, found.helper)
