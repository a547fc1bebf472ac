"""Modules that the code imports as it starts, and that nothing among the dependencies brings."""

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from stackproof.detect import code, requirements, requirements_txt
from stackproof.detect.import_names import BROUGHT, DISTRIBUTIONS, NAMESPACES
from stackproof.detect.locked import detect as locked
from stackproof.detect.modules import Module, dotted
from stackproof.detect.stdlib import MODULES
from stackproof.model.facts import Fact, Locked, Unmet
from stackproof.model.source import SourceTree

_GUARDS = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})


def detect(tree: SourceTree) -> Iterator[Fact]:
    asked = requirements.asked(tree)
    if not asked:
        return
    direct = {item.name for item in asked}
    brought = {name for item in asked for name in BROUGHT.get(item.name, ())}
    own, reported = _own(tree), set[str]()
    for module in code.read(tree):
        for name, node in _imported(module):
            wanted = _distributions(name)
            if name.partition(".")[0] in own or wanted[0] in reported or not wanted[0]:
                continue
            groups = tuple(dict.fromkeys(item.group for item in asked if _known(wanted, {item.name})))
            if "" not in groups and not _known(wanted, brought) and not _known(wanted, _pinned(tree) - direct):
                reported.add(wanted[0])
                yield Unmet(name, wanted[0], groups, module.place(node))


@lru_cache(maxsize=8)
def _pinned(tree: SourceTree) -> set[str]:
    return {fact.name for fact in locked(tree) if isinstance(fact, Locked)}


def _known(wanted: Sequence[str], names: set[str]) -> bool:
    """Any that could bring the module, by the table or by the likeness of the names: no false alarm."""
    return any(one in names for one in wanted) or any(_alike(wanted[0], name) for name in names)


def _alike(wanted: str, name: str) -> bool:
    plain, other = wanted.replace("-", ""), name.replace("-", "")
    return plain in (other.removeprefix("python"), other.removeprefix("py"), other.removesuffix("python")) or (
        len(plain) > 3 and f"-{plain}-" in f"-{name}-"
    )


def _distributions(name: str) -> tuple[str, ...]:
    """What could bring a module; ("",) for one of Python's own."""
    head = name.partition(".")[0]
    if name in DISTRIBUTIONS:
        return DISTRIBUTIONS[name]
    if head in MODULES or head in NAMESPACES or head.startswith("_"):
        return ("",)
    return DISTRIBUTIONS.get(head, (requirements_txt.normalised(head),))


def _own(tree: SourceTree) -> frozenset[str]:
    """Every name that a file or folder of the project has, wherever it lies."""
    return frozenset(part.removesuffix(".py") for path in tree.paths for part in path.split("/"))


def _imported(module: Module) -> Iterator[tuple[str, ast.stmt]]:
    """Dotted names that are imported as the module is, unless the code is ready for their absence."""
    waiting: list[ast.stmt] = list(reversed(module.body.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module, node
        elif isinstance(node, ast.Try) and not _guarded(node):
            waiting += reversed([*node.body, *node.orelse, *node.finalbody])
        elif isinstance(node, ast.With):
            waiting += reversed(node.body)


def _guarded(node: ast.Try) -> bool:
    kinds = [handler.type for handler in node.handlers]
    names = [item for kind in kinds for item in (kind.elts if isinstance(kind, ast.Tuple) else [kind])]
    return any(item is None or dotted(item) in _GUARDS for item in names)
