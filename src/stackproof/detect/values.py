"""What an expression is worth without running it: a constant, a setting's default, a path beside the file."""

import ast
import operator
import posixpath
from collections.abc import Callable, Mapping
from typing import NamedTuple

from stackproof.detect import class_fields, environment, settings_classes
from stackproof.detect.code import Code
from stackproof.detect.modules import Module, bindings

_MAX_DEPTH = 25
_MAX_NUMBER = 10**15  # larger ones are not what anybody configures
_CASTS: Mapping[str, Callable[[object], object]] = {
    "int": lambda value: int(str(value)), "float": lambda value: float(str(value)), "str": str,
    "list": lambda value: value, "tuple": lambda value: value, "bool": bool,
}  # fmt: skip
_SAME_PATH = frozenset({"resolve", "absolute", "expanduser", "as_posix", "strip", "get_secret_value", "abspath"})
_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
}  # fmt: skip


class Reading(NamedTuple):
    """A value and, where a variable decides it, that variable."""

    value: object
    variable: str | None = None

    @property
    def text(self) -> str | None:
        """As it would stand in an environment file; None for None and for collections."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        return str(self.value) if isinstance(self.value, str | int | float) else None


def read(code: Code, module: Module, node: ast.expr, depth: int = 0) -> Reading | None:
    """The value of an expression; None where only running the program would tell."""
    if depth > _MAX_DEPTH:
        return None
    if asked := environment.shape(code, module, node):
        return _variable(code, module, asked, depth)
    match node:
        case ast.Constant():
            return Reading(node.value)
        case ast.Name() | ast.Attribute():
            return _named(code, module, node, depth)
        case ast.Call():
            return _call(code, module, node, depth)
        case ast.BinOp():
            return _binary(code, module, node, depth)
        case ast.JoinedStr():
            return _joined(code, module, node, depth)
        case ast.BoolOp(op=ast.Or()):
            return _either(code, module, node, depth)
        case ast.UnaryOp(op=ast.USub()):
            found = read(code, module, node.operand, depth + 1)
            return Reading(-found.value, found.variable) if found and isinstance(found.value, int | float) else None
        case ast.List() | ast.Tuple() | ast.Set():
            items = [found for item in node.elts if (found := read(code, module, item, depth + 1))]
            return Reading(tuple(item.value for item in items)) if len(items) == len(node.elts) else None
    return None


def string(code: Code, module: Module, node: ast.expr | None) -> str | None:
    """The value of an expression where it is a string."""
    found = read(code, module, node) if node is not None else None
    return found.value if found and isinstance(found.value, str) else None


def _variable(code: Code, module: Module, found: environment.EnvRead, depth: int) -> Reading | None:
    name = read(code, module, found.name, depth + 1)
    default = read(code, module, found.default, depth + 1) if found.default is not None else Reading(None)
    if name is None or not isinstance(name.value, str):
        return default
    return Reading(default.value if default else None, name.value)


def _named(code: Code, module: Module, node: ast.Name | ast.Attribute, depth: int) -> Reading | None:
    if isinstance(node, ast.Name):
        if node.id == "__file__":
            return Reading(f"./{module.path}")
        local = module.local(node.id, node.lineno)
        if local is not None:
            return read(code, module, local, depth + 1)
    elif found := _attribute(code, module, node, depth):
        return found
    home, rest = code.split(code.meaning(module, node) or "")
    if home is None:
        return None
    if rest in home.names:
        return read(code, home, home.names[rest], depth + 1)
    return _of_object(code, home, rest, depth) or _of_class(code, home, rest, depth)


def _of_object(code: Code, module: Module, rest: str, depth: int) -> Reading | None:
    """`settings.NAME`, where `settings = Settings()` is of a plain class of the project."""
    name, _, attribute = rest.partition(".")
    made = module.names.get(name)
    known = code.klass(code.meaning(module, made.func) or "") if isinstance(made, ast.Call) else None
    return _of_class(code, known[0], f"{known[1].name}.{attribute}", depth) if known else None


def _attribute(code: Code, module: Module, node: ast.Attribute, depth: int) -> Reading | None:
    """A field or property of a settings object, or the parent of a path."""
    if name := settings_classes.owner(code, module, node.value):
        if field := settings_classes.fields(code, name).get(node.attr):
            default = read(code, field.module, field.default, depth + 1) if field.default is not None else None
            return Reading(default.value if default else None, field.variable)
        home, value = settings_classes.property_of(code, name, node.attr) or (None, None)
        return read(code, home, value, depth + 1) if home and value is not None else None
    if passed := class_fields.given(code, module, node):
        home, value = passed
        return read(code, home, value, depth + 1)
    if node.attr == "parent":
        inner = read(code, module, node.value, depth + 1)
        return _parent(inner)
    return None


def _of_class(code: Code, module: Module, rest: str, depth: int) -> Reading | None:
    """`Config.NAME`, a constant of a plain class or an enumeration."""
    name, _, attribute = rest.removesuffix(".value").partition(".")
    for item in module.classes[name].body if name in module.classes else ():
        for bound, value in bindings([item]):
            if bound == attribute:
                return read(code, module, value, depth + 1)
    return None


def _call(code: Code, module: Module, node: ast.Call, depth: int) -> Reading | None:
    if isinstance(node.func, ast.Attribute) and node.func.attr in _SAME_PATH and not node.args:
        return read(code, module, node.func.value, depth + 1)
    if owner := _method(code, module, node, depth):
        return owner
    name = code.meaning(module, node.func) or ""
    first = read(code, module, node.args[0], depth + 1) if node.args else None
    if first is None:
        return None
    if name in ("pathlib.Path", "pathlib.PurePath", "os.path.join", "pathlib.PurePosixPath"):
        parts = [part for item in node.args if (part := read(code, module, item, depth + 1))]
        known = len(parts) == len(node.args)
        return Reading(posixpath.join(*(str(part.value) for part in parts)), first.variable) if known else None
    if name in ("os.path.abspath", "os.path.realpath", "os.path.expanduser"):
        return first
    return _parent(first) if name == "os.path.dirname" else _cast(name, first)


def _method(code: Code, module: Module, node: ast.Call, depth: int) -> Reading | None:
    """A method of a settings object that only returns something."""
    if not isinstance(node.func, ast.Attribute) or node.args:
        return None
    return _attribute(code, module, node.func, depth)


def _cast(name: str, first: Reading) -> Reading | None:
    if name.startswith("pydantic."):  # SecretStr("x"), RedisDsn("redis://...")
        return first
    if name not in _CASTS:
        return None
    try:
        return Reading(_CASTS[name](first.value), first.variable)
    except ValueError:
        return Reading(None, first.variable)


def _parent(path: Reading | None) -> Reading | None:
    if path is None or not isinstance(path.value, str):
        return None
    return Reading(posixpath.dirname(path.value) or ".", path.variable)


def _binary(code: Code, module: Module, node: ast.BinOp, depth: int) -> Reading | None:
    left, right = (read(code, module, side, depth + 1) for side in (node.left, node.right))
    if left is None or right is None:
        return None
    variable = left.variable or right.variable
    if isinstance(left.value, str) and isinstance(right.value, str):
        if isinstance(node.op, ast.Div):
            return Reading(posixpath.join(left.value, right.value), variable)
        return Reading(left.value + right.value, variable) if isinstance(node.op, ast.Add) else None
    if not isinstance(left.value, int | float) or not isinstance(right.value, int | float):
        return None
    if type(node.op) not in _ARITHMETIC or max(abs(left.value), abs(right.value)) > _MAX_NUMBER:
        return None
    return Reading(_ARITHMETIC[type(node.op)](left.value, right.value), variable)


def _joined(code: Code, module: Module, node: ast.JoinedStr, depth: int) -> Reading | None:
    parts: list[str] = []
    for item in node.values:
        part = read(code, module, item.value if isinstance(item, ast.FormattedValue) else item, depth + 1)
        if part is None or part.value is None:
            return None
        parts.append(str(part.value))
    return Reading("".join(parts))


def _either(code: Code, module: Module, node: ast.BoolOp, depth: int) -> Reading | None:
    """`a or b`: the first that has a value; the variable that is asked first."""
    found = [item for value in node.values if (item := read(code, module, value, depth + 1))]
    variable = next((item.variable for item in found if item.variable), None)
    value = next((item.value for item in found if item.value), None)
    return Reading(value, variable) if found else None
