"""Objects made at module level: of which known class a name is, through aliases, factories and one own subclass."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from stackproof.detect.code import Code
from stackproof.detect.modules import Function, Module, bindings
from stackproof.detect.settings_classes import returned
from stackproof.model.source import Place

_MAX_DEPTH = 6


class Made(NamedTuple):
    """An importable name that holds (or, for a factory, returns) an object of a known class."""

    module: str
    attribute: str
    kind: str
    call: ast.Call | None  # the call that made it, for objects
    seen: Place

    @property
    def name(self) -> str:
        return f"{self.module}.{self.attribute}"


@dataclass(frozen=True, eq=False)
class Objects:
    """Looks for objects of `classes`: dotted class name -> kind."""

    code: Code
    classes: Mapping[str, str]
    kept: Mapping[str, str] = field(default_factory=dict)  # key -> kind of what Flask's `app.extensions` holds under it

    @cached_property
    def ready(self) -> tuple[Made, ...]:
        """Names bound at module level to such an object, in the order of the files."""
        return tuple(made for module in self.code for made in self._ready(module))

    @cached_property
    def factories(self) -> tuple[Made, ...]:
        """Module-level functions that need no arguments and return such an object."""
        return tuple(made for module in self.code for made in self._factories(module))

    @cached_property
    def by_name(self) -> Mapping[str, Made]:
        return {made.name: made for made in self.ready}

    def of(self, module: Module, node: ast.expr, depth: int = 0) -> str | None:
        """The kind of object that an expression stands for."""
        if depth > _MAX_DEPTH:
            return None
        if isinstance(node, ast.Subscript):
            return self._kept(node)
        if isinstance(node, ast.Call):
            return self._called(module, node, depth)
        if isinstance(node, ast.Name):
            local = module.local(node.id, node.lineno)
            if local is not None:
                return self.of(module, local, depth + 1)
            if annotated := module.annotation(node.id, node.lineno):
                return self._class(self.code.meaning(module, annotated) or "")
        home, rest = self.code.split(self.code.meaning(module, node) or "")
        return self.of(home, home.names[rest], depth + 1) if home and rest in home.names else None

    def _called(self, module: Module, node: ast.Call, depth: int) -> str | None:
        name = self.code.meaning(module, node.func)
        if name is None:
            return None
        if kind := self._class(name):
            return kind
        home, function = self.code.function(name) or (None, None)
        return self.returns(home, function, depth + 1) if home and function else None

    def _kept(self, node: ast.Subscript) -> str | None:
        """`app.extensions["celery"]`."""
        named = isinstance(node.value, ast.Attribute) and node.value.attr == "extensions"
        key = node.slice.value if named and isinstance(node.slice, ast.Constant) else None
        return self.kept.get(str(key))

    def _class(self, name: str) -> str | None:
        return next((self.classes[base] for base in self.code.bases(name)[:3] if base in self.classes), None)

    def returns(self, module: Module, function: Function, depth: int = 1) -> str | None:
        if isinstance(function, ast.AsyncFunctionDef):
            return None
        kinds = (self.of(module, value, depth) for value in returned(function))
        return next((kind for kind in kinds if kind), None)

    def _ready(self, module: Module) -> Iterator[Made]:
        seen: set[str] = set()
        for statement in module.statements:
            for attribute, value in bindings([statement]):
                kind = self.of(module, value) if isinstance(value, ast.Call | ast.Subscript) else None
                if kind and attribute not in seen:
                    seen.add(attribute)
                    call = value if isinstance(value, ast.Call) else None
                    yield Made(module.name, attribute, kind, call, module.place(statement))

    def _factories(self, module: Module) -> Iterator[Made]:
        for name, function in module.functions.items():
            if not needs_arguments(function) and (kind := self.returns(module, function, 1)):
                yield Made(module.name, name, kind, None, module.place(function))


def needs_arguments(function: Function) -> bool:
    given = function.args
    plain = [*given.posonlyargs, *given.args]
    return len(plain) > len(given.defaults) or any(default is None for default in given.kw_defaults)
