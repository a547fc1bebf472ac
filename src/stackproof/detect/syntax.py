"""What in the code only later Pythons can read: one place for each construct. And such code made readable for us."""

import ast
import re
from collections.abc import Iterator

from stackproof.detect import code
from stackproof.detect.lowered import LATER
from stackproof.detect.modules import Module, walk
from stackproof.model.facts import Fact, Syntax
from stackproof.model.source import Place, SourceTree

_NODES = {"Match": ("3.10", "a match statement"), "TryStar": ("3.11", "except*")}
_HINT = re.compile(r"^[ \t]*(?:match\b|except[ \t]*\*)", re.MULTILINE)  # most files are not walked


def detect(tree: SourceTree) -> Iterator[Fact]:
    found: dict[str, Syntax] = {}
    for module in code.read(tree):
        for fact in _found(module, tree.text(module.path) or ""):
            found.setdefault(fact.construct, fact)
    yield from found.values()


def _found(module: Module, text: str) -> Iterator[Syntax]:
    for node in walk(module.body) if _HINT.search(text) else ():
        if known := _NODES.get(type(node).__name__):
            yield Syntax(*known, module.place(node))
    for pattern, _, construct in LATER:
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            if not _quoted(module, line):
                yield Syntax("3.12", construct, Place(module.path, line))


def _quoted(module: Module, line: int) -> bool:
    """Whether a line lies within a text of several lines."""
    texts = (node for node in walk(module.body) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return any(node.lineno < line <= (node.end_lineno or 0) for node in texts)
