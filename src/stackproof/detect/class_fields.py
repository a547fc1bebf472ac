"""What a field of an object holds, from the calls that make objects of its class."""

import ast
from collections.abc import Mapping

from stackproof.detect.code import Code
from stackproof.detect.modules import Module


def given(code: Code, module: Module, node: ast.Attribute) -> tuple[Module, ast.expr] | None:
    """`self.root` in a class that is made by `Results(Path("output"))`: the argument, and where it stands."""
    if not isinstance(node.value, ast.Name) or node.value.id != "self":
        return None
    around = (item for item in module.classes.values() if item.lineno <= node.lineno <= (item.end_lineno or 0))
    owner = next(around, None)
    if owner is None:
        return None
    parameters, name = _parameters(owner), _filled_by(owner, node.attr)
    for caller, call in code.called.get(f"{module.name}.{owner.name}", ()):
        stated = next((word.value for word in call.keywords if word.arg == name), None)
        position = [*parameters].index(name) if name in parameters else len(call.args)
        if stated is not None or position < len(call.args):
            return caller, stated if stated is not None else call.args[position]
    default = parameters.get(name)
    return (module, default) if default is not None else None


def _parameters(owner: ast.ClassDef) -> Mapping[str, ast.expr | None]:
    """Of `__init__`, without `self`; of a dataclass its fields. With their defaults."""
    if begin := _begin(owner):
        names = [item.arg for item in (*begin.args.posonlyargs, *begin.args.args)][1:]
        defaults = [None] * (len(names) - len(begin.args.defaults)) + begin.args.defaults
        own = zip((item.arg for item in begin.args.kwonlyargs), begin.args.kw_defaults, strict=True)
        return {**dict(zip(names, defaults, strict=True)), **dict(own)}
    fields = (item for item in owner.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name))
    return {item.target.id: item.value for item in fields if isinstance(item.target, ast.Name)}


def _filled_by(owner: ast.ClassDef, field: str) -> str:
    """`self._root = root` in `__init__`: another name for the parameter."""
    begin = _begin(owner)
    for node in begin.body if begin else ():
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Attribute) and target.attr == field and isinstance(value, ast.Name):
            return value.id
    return field


def _begin(owner: ast.ClassDef) -> ast.FunctionDef | None:
    return next((item for item in owner.body if isinstance(item, ast.FunctionDef) and item.name == "__init__"), None)
