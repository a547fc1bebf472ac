"""What statements lead to: their own nodes, and those of the project's functions and classes that they call."""

import ast
from collections.abc import Iterator, Sequence

from stackproof.detect.code import Code
from stackproof.detect.modules import Module, walk

Reached = tuple[Module, ast.AST]


def reached(code: Code, module: Module, nodes: Sequence[ast.AST]) -> Iterator[Reached]:
    """Every node with its module, each function once; targets of threads and processes count as called."""
    seen = set[str]()
    waiting: list[tuple[Module, Sequence[ast.AST]]] = [(module, nodes)]
    while waiting:
        home, roots = waiting.pop()
        for node in (inner for root in roots for inner in walk(root)):
            yield home, node
            for name in sorted(set(_names(code, home, node)) - seen) if isinstance(node, ast.Call) else ():
                seen.add(name)
                if known := code.function(name) or (code.klass(name.removesuffix(".")) if name.endswith(".") else None):
                    waiting.append((known[0], [known[1]]))


def _names(code: Code, module: Module, call: ast.Call) -> Iterator[str]:
    """Functions; of a method the class, with a dot: whichever is called, another one may be what loops."""
    for node in (call.func, *(word.value for word in call.keywords if word.arg == "target")):
        if name := code.meaning(module, node):
            yield name
        made = node.value if isinstance(node, ast.Attribute) else None
        if isinstance(made, ast.Name):
            made = module.local(made.id, made.lineno)
        if isinstance(made, ast.Call) and (name := code.meaning(module, made.func)):
            yield f"{name}."
