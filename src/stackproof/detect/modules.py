"""One parsed Python file as an index: its name, what it imports, what it binds, its calls in order."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeVar

from stackproof.model.source import Place

N = TypeVar("N", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef

_BLOCKS = (ast.If, ast.Try, ast.With, ast.AsyncWith, ast.For, ast.AsyncFor, ast.While)
_LEAVES = frozenset({"ctx", "op", "ops", "id", "attr", "name", "asname", "module", "level", "kind", "type_comment"})
_MAX_PARTS = 50  # of a dotted name; nobody writes more


@dataclass(frozen=True, eq=False)
class Module:
    path: str
    name: str  # dotted, under its import root
    body: ast.Module

    @property
    def package(self) -> bool:
        return self.path.endswith("__init__.py")

    def place(self, node: ast.AST) -> Place:
        return Place(self.path, getattr(node, "lineno", 0))

    @cached_property
    def statements(self) -> tuple[ast.stmt, ...]:
        """What runs on import: top-level statements, those inside `if`, `try` and `with` too."""
        return tuple(running(self.body.body))

    @cached_property
    def names(self) -> Mapping[str, ast.expr]:
        """Names bound at module level; the last assignment counts."""
        return dict(bindings(self.statements))

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        return {node.name: node for node in self.statements if isinstance(node, Function)}

    @cached_property
    def classes(self) -> Mapping[str, ast.ClassDef]:
        return {node.name: node for node in self.statements if isinstance(node, ast.ClassDef)}

    @cached_property
    def imports(self) -> Mapping[str, str]:
        """Local name -> dotted target, imports inside functions included; what runs on import wins."""
        found = dict(self._imported(self.nodes(ast.Import), self.nodes(ast.ImportFrom)))
        top = self.statements
        found.update(
            self._imported(
                [node for node in top if isinstance(node, ast.Import)],
                [node for node in top if isinstance(node, ast.ImportFrom)],
            )
        )
        return found

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """Modules of `from x import *`."""
        froms = self.nodes(ast.ImportFrom)
        return tuple(self._origin(node) for node in froms if any(alias.name == "*" for alias in node.names))

    @cached_property
    def needs(self) -> frozenset[str]:
        """Dotted names that the file imports from, as far as they can be modules."""
        plain = {alias.name for node in self.nodes(ast.Import) for alias in node.names}
        return frozenset({*plain, *self.stars, *self.imports.values(), *map(self._origin, self.nodes(ast.ImportFrom))})

    def nodes(self, kind: type[N]) -> Sequence[N]:
        """All nodes of one of the indexed kinds, in the order of the text."""
        return self._index.get(kind, [])  # type: ignore[return-value]

    def within(self, line: int) -> Function | None:
        """The innermost function around a line."""
        around = [node for node in self._functions if node.lineno <= line <= (node.end_lineno or 0)]
        return around[-1] if around else None

    def local(self, name: str, line: int) -> ast.expr | None:
        """What a plain name is bound to, seen from a line: by the function or script around it, else by the module."""
        function = self.within(line)
        block = function or next((node for node in self.scripts if node.lineno <= line <= (node.end_lineno or 0)), None)
        if block and name in (found := dict(bindings(running(block.body)))):
            return found[name]
        return self.names.get(name)

    def annotation(self, name: str, line: int) -> ast.expr | None:
        """The type of a parameter of the function around a line."""
        function = self.within(line)
        arguments = [*function.args.args, *function.args.kwonlyargs] if function else []
        return next((item.annotation for item in arguments if item.arg == name), None)

    def resolve(self, expression: ast.expr) -> str | None:
        """The absolute dotted name that a dotted expression means here; None for anything else."""
        name = dotted(expression)
        if name is None:
            return None
        head, dot, rest = name.partition(".")
        if head in self.imports:
            return f"{self.imports[head]}{dot}{rest}"
        defined = head in self.names or head in self.functions or head in self.classes
        return f"{self.name}.{name}" if defined else name

    @cached_property
    def scripts(self) -> list[ast.If]:
        """`if __name__ == "__main__":` blocks."""
        return [node for node in self.statements if isinstance(node, ast.If) and _is_script(node)]

    @cached_property
    def _functions(self) -> list[Function]:
        found: list[Function] = [*self.nodes(ast.FunctionDef), *self.nodes(ast.AsyncFunctionDef)]
        return sorted(found, key=lambda node: node.lineno)

    @cached_property
    def _index(self) -> Mapping[type[ast.AST], list[ast.AST]]:
        found: dict[type[ast.AST], list[ast.AST]] = {kind: [] for kind in INDEXED}
        for node in walk(self.body):
            if type(node) in found:
                found[type(node)].append(node)
        for nodes in found.values():
            nodes.sort(key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)))
        return found

    def _imported(self, plain: Sequence[ast.Import], froms: Sequence[ast.ImportFrom]) -> Iterator[tuple[str, str]]:
        for node in plain:
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        for origin in froms:
            for alias in origin.names:
                yield alias.asname or alias.name, f"{self._origin(origin)}.{alias.name}".lstrip(".")

    def _origin(self, node: ast.ImportFrom) -> str:
        """The absolute name of the module that a `from` names."""
        if not node.level:
            return node.module or ""
        parts = self.name.split(".") if self.name else []
        climb = node.level - (1 if self.package else 0)
        return ".".join([*parts[: len(parts) - climb], *([node.module] if node.module else [])])


INDEXED = (
    ast.Call, ast.Subscript, ast.Compare, ast.Assign, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import,
    ast.ImportFrom, ast.Dict,
)  # fmt: skip


def walk(root: ast.AST) -> Iterator[ast.AST]:
    """Every node below `root`, in no particular order; faster than `ast.walk` and without recursion."""
    stack: list[ast.AST] = [root]
    while stack:
        node = stack.pop()
        yield node
        for name in _children(node.__class__.__name__):
            value = getattr(node, name)
            if value.__class__ is list:
                stack += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                stack.append(value)


@cache
def _children(kind: str) -> tuple[str, ...]:
    """The fields of a kind of node that can hold nodes worth a visit."""
    return tuple(name for name in getattr(ast, kind)._fields if name not in _LEAVES)


def dotted(expression: ast.expr) -> str | None:
    """`a.b.c` of names and attributes; None for anything else."""
    parts: list[str] = []
    while isinstance(expression, ast.Attribute) and len(parts) < _MAX_PARTS:
        parts.append(expression.attr)
        expression = expression.value
    return ".".join([expression.id, *reversed(parts)]) if isinstance(expression, ast.Name) else None


def bindings(statements: Iterator[ast.stmt] | Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Plain names that statements assign, with the value."""
    for node in statements:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if isinstance(item.optional_vars, ast.Name):
                    yield item.optional_vars.id, item.context_expr


def running(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements in order, with those inside their blocks; not those of functions and classes that they define."""
    waiting = list(reversed(statements))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _BLOCKS) and not _is_script(node):
            waiting.extend(reversed(_inner(node)))


def _inner(node: ast.stmt) -> list[ast.stmt]:
    parts = [*getattr(node, "body", []), *getattr(node, "orelse", [])]
    for handler in getattr(node, "handlers", []):
        parts.extend(handler.body)
    return [*parts, *getattr(node, "finalbody", [])]


def _is_script(node: ast.stmt) -> bool:
    """`if __name__ == "__main__":` does not run on import."""
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    return isinstance(node.test.left, ast.Name) and node.test.left.id == "__name__"
