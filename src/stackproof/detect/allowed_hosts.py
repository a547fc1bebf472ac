"""Django's ALLOWED_HOSTS: the names that it answers to, and the variable that decides about them."""

import ast
from collections.abc import Iterator

from stackproof.detect import code, environment, values
from stackproof.detect.code import Code
from stackproof.detect.modules import Module, walk
from stackproof.model.facts import AllowedHosts, Fact
from stackproof.model.source import SourceTree

_NAME = "ALLOWED_HOSTS"


def detect(tree: SourceTree) -> Iterator[Fact]:
    known = code.read(tree)
    for module in known:
        if (node := module.names.get(_NAME)) is not None:
            yield _found(known, module, node)


def _found(known: Code, module: Module, node: ast.expr) -> AllowedHosts:
    name = next((text for part in walk(node) if (text := _asked(known, module, part))), None)
    reading = values.read(known, module, node)
    hosts = reading.value if reading and isinstance(reading.value, tuple) else ()
    return AllowedHosts(
        hosts=tuple(str(host) for host in hosts),
        variable=name,
        separator=" " if name and _by_spaces(node) else ",",
        seen=module.place(node),
    )


def _asked(known: Code, module: Module, node: ast.AST) -> str | None:
    """The variable that a part of the expression reads."""
    read = environment.shape(known, module, node) if isinstance(node, ast.expr) else None
    return values.string(known, module, read.name) if read else None


def _by_spaces(node: ast.expr) -> bool:
    """`.split()` and `.split(" ")`."""
    for call in walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "split":
            given = call.args[0] if call.args else None
            return given is None or (isinstance(given, ast.Constant) and given.value == " ")
    return False
