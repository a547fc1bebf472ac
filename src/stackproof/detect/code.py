"""All modules of the project together: names followed from file to file to where they are made."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from stackproof.detect import homes, imports, reading, territory
from stackproof.detect.modules import Function, Module, dotted
from stackproof.model.source import SourceTree

_MAX_HOPS = 20  # re-exports between a name and what it means


@dataclass(frozen=True, eq=False)
class Code:
    modules: tuple[Module, ...]  # by path

    def __iter__(self) -> Iterator[Module]:
        return iter(self.modules)

    @cached_property
    def named(self) -> Mapping[str, Module]:
        """By dotted name; of two that bear one name (two import roots), the first."""
        return {module.name: module for module in reversed(self.modules)}

    def split(self, name: str) -> tuple[Module | None, str]:
        """The module of the project that a dotted name begins with, and the rest."""
        parts = name.split(".")
        if parts[0] not in self._tops:
            return None, name
        for length in range(len(parts), 0, -1):
            if module := self.named.get(".".join(parts[:length])):
                return module, ".".join(parts[length:])
        return None, name

    def follow(self, name: str) -> str:
        """Through imports, re-exports and aliases to the place where a name is made."""
        if name not in self._followed:
            self._followed[name] = name  # what leads back to itself leads nowhere
            self._followed[name] = self._origin(name)
        return self._followed[name]

    def meaning(self, module: Module, expression: ast.expr) -> str | None:
        """The dotted name that an expression means, followed to its origin."""
        name = module.resolve(expression)
        if name is None:
            return None
        head, dot, rest = name.partition(".")
        starred = (
            self._starred(module, head) if module.stars and head == (dotted(expression) or "").split(".")[0] else None
        )
        return self.follow(f"{starred}{dot}{rest}" if starred else name)

    def function(self, name: str) -> tuple[Module, Function] | None:
        module, rest = self.split(name)
        return (module, module.functions[rest]) if module and rest in module.functions else None

    def klass(self, name: str) -> tuple[Module, ast.ClassDef] | None:
        module, rest = self.split(name)
        return (module, module.classes[rest]) if module and rest in module.classes else None

    def bases(self, name: str) -> tuple[str, ...]:
        """A class and its base classes, nearest first, as far as the project defines them."""
        found: list[str] = []
        waiting = [name]
        while waiting:
            current = waiting.pop(0)
            if current not in found:
                found.append(current)
                if known := self.klass(current):
                    module, node = known
                    waiting += [base for item in node.bases if (base := self.meaning(module, item))]
        return tuple(found)

    @cached_property
    def instantiated(self) -> frozenset[str]:
        """Everything that is called anywhere, by its followed name."""
        return frozenset(self.called)

    @cached_property
    def called(self) -> Mapping[str, Sequence[tuple[Module, ast.Call]]]:
        """The calls of everything by its followed name, in the order of the files."""
        found: dict[str, list[tuple[Module, ast.Call]]] = {}
        for module in self:
            for call in module.nodes(ast.Call):
                if name := self.meaning(module, call.func):
                    found.setdefault(name, []).append((module, call))
        return found

    @cached_property
    def _tops(self) -> frozenset[str]:
        return frozenset(module.name.partition(".")[0] for module in self.modules)

    @cached_property
    def _followed(self) -> dict[str, str]:
        return {}

    def _origin(self, name: str) -> str:
        for _ in range(_MAX_HOPS):
            further = self._hop(name)
            if further is None or further == name:
                return name
            name = further
        return name

    def _hop(self, name: str) -> str | None:
        module, rest = self.split(name)
        if module is None:
            return None
        if not rest:
            return self._shadow(module)
        head, dot, tail = rest.partition(".")
        target = module.imports.get(head)
        if target is None and head in module.names:
            target = module.resolve(module.names[head])
        if target is None and not self._defines(module, head):
            target = self._starred(module, head)
        return None if target is None else f"{target}{dot}{tail}"

    def _shadow(self, module: Module) -> str | None:
        """`from .celery_app import celery_app` in a package: the object hides the module of the same name."""
        parent, _, last = module.name.rpartition(".")
        package = self.named.get(parent)
        return package.imports.get(last) if package else None

    def _starred(self, module: Module, name: str) -> str | None:
        for star in module.stars:
            target = self.follow(f"{star}.{name}")
            home, rest = self.split(target)
            if self._defines(home, rest) if home else target != f"{star}.{name}":
                return target
        return None

    def _defines(self, module: Module, name: str) -> bool:
        return name in module.names or name in module.functions or name in module.classes


@lru_cache(maxsize=8)
def read(tree: SourceTree) -> Code:
    """The application's modules, and those beside it that it imports."""
    own = homes.own(tree)
    modules = list(_parsed(tree, own))
    others = sorted({*territory.candidates(tree)} - {*own})
    beside = {imports.module_name(tree, path): path for path in others}
    waiting = list(modules)
    while beside and waiting:
        needed = sorted(waiting.pop().needs & beside.keys())
        found = list(_parsed(tree, [beside.pop(name) for name in needed]))
        waiting += found
        modules += found
    return Code(tuple(sorted(modules, key=lambda module: module.path)))


def _parsed(tree: SourceTree, paths: Sequence[str]) -> Iterator[Module]:
    for path in paths:
        body = reading.module(tree, path)
        if isinstance(body, ast.Module):
            yield Module(path, imports.module_name(tree, path), body)
