"""Which application serves what the code adds to an object, by name or in a function that the object goes through."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from stackproof.detect import web_django, web_servers
from stackproof.detect.code import Code
from stackproof.detect.modules import Function, Module, bindings, running, walk
from stackproof.model.facts import WebApp


def targets(code: Code, module: Module, node: ast.expr) -> tuple[str, ...]:
    """Targets of the applications that an expression stands for; one "" where nothing tells."""
    inside = _local(module, node)
    if inside is None:
        target = _by_name(code).get(code.meaning(module, node) or "")
        found = [target] if target else []
    else:
        full = f"{module.name}.{inside.name}"
        found = [target for target, functions in _reached(code).items() if full in functions]
    return tuple(found) or (sole(code),)


def sole(code: Code) -> str:
    """The only application; "" where there are several."""
    found = [app.target for app in applications(code)]
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=8)
def applications(code: Code) -> tuple[WebApp, ...]:
    return (*web_servers.candidates(code), *web_django.candidates(code))


@lru_cache(maxsize=8)
def _by_name(code: Code) -> Mapping[str, str]:
    return {app.target.replace(":", "."): app.target for app in applications(code)}


def _local(module: Module, node: ast.expr) -> Function | None:
    """The function around an expression whose name it makes, or is given."""
    function = module.within(node.lineno)
    if function is None or not isinstance(node, ast.Name):
        return function if isinstance(node, ast.Call) else None
    arguments = function.args
    given = [item.arg for item in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    made = [name for name, _ in bindings(running(function.body))]
    return function if node.id in (*given, *made) else None


@lru_cache(maxsize=8)
def _reached(code: Code) -> Mapping[str, frozenset[str]]:
    """For each application the functions that it goes through, from where it is made."""
    return {app.target: frozenset(_closure(code, _first(code, app))) for app in applications(code)}


def _first(code: Code, app: WebApp) -> Iterator[str]:
    """The factory, or what makes the object, and whatever is called with it."""
    name = app.target.replace(":", ".")
    home, rest = code.split(name)
    if home and rest in home.names:
        yield from _called(code, home, home.names[rest])
    yield name
    for module in code:
        for call in module.nodes(ast.Call):
            given = (*call.args, *(word.value for word in call.keywords))
            if any(code.meaning(module, item) == name and not _local(module, item) for item in given):
                yield code.meaning(module, call.func) or ""


def _closure(code: Code, names: Iterable[str]) -> set[str]:
    waiting, found = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        home, function = code.function(name) or (None, None)
        if home and function and name not in found:
            found.add(name)
            waiting += _called(code, home, function)
    return found


def _called(code: Code, module: Module, node: ast.AST) -> Iterator[str]:
    calls = (inner for inner in walk(node) if isinstance(inner, ast.Call))
    yield from (name for call in calls if (name := code.meaning(module, call.func)))
