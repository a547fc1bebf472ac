"""Celery tasks under the names that routes and messages use."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from stackproof.detect import celery, code, values
from stackproof.detect.code import Code
from stackproof.detect.modules import Function, Module, bindings
from stackproof.model.facts import Fact, Task
from stackproof.model.source import Place, SourceTree

_SHARED = frozenset({"celery.shared_task", "celery.task", "celery.app.shared_task", "celery.current_app.task"})
_TASK_CLASSES = frozenset({"celery.Task", "celery.app.task.Task"})


class Declared(NamedTuple):
    """A task and the options that its decorator states."""

    name: str
    options: tuple[ast.keyword, ...]
    module: Module
    seen: Place


def detect(tree: SourceTree) -> Iterator[Fact]:
    for task in declared(code.read(tree)):
        yield Task(task.name, task.seen)


@lru_cache(maxsize=8)
def declared(known: Code) -> tuple[Declared, ...]:
    return tuple(task for module in known for task in (*_decorated(known, module), *_classes(known, module)))


def _decorated(known: Code, module: Module) -> Iterator[Declared]:
    functions: list[Function] = [*module.nodes(ast.FunctionDef), *module.nodes(ast.AsyncFunctionDef)]
    for function in sorted(functions, key=lambda node: node.lineno):
        for decorator in function.decorator_list:
            called = decorator if isinstance(decorator, ast.Call) else None
            if _is_task(known, module, called.func if called else decorator):
                options = tuple(called.keywords) if called else ()
                yield Declared(_name(known, module, function.name, options), options, module, module.place(function))


def _is_task(known: Code, module: Module, decorator: ast.expr) -> bool:
    if known.meaning(module, decorator) in _SHARED:
        return True
    if not isinstance(decorator, ast.Attribute) or decorator.attr not in ("task", "periodic_task"):
        return False
    return celery.applications(known).of(module, decorator.value) is not None


def _name(known: Code, module: Module, function: str, options: tuple[ast.keyword, ...]) -> str:
    stated = next((word.value for word in options if word.arg == "name"), None)
    return values.string(known, module, stated) or f"{module.name}.{function}".lstrip(".")


def _classes(known: Code, module: Module) -> Iterator[Declared]:
    """`class Import(Task): name = "..."`; a base class without a name is no task."""
    for name, node in module.classes.items():
        if _TASK_CLASSES & set(known.bases(f"{module.name}.{name}")):
            stated = (value for bound, value in bindings(node.body) if bound == "name")
            named = (values.string(known, module, value) for value in stated)
            yield from (Declared(task, (), module, module.place(node)) for task in named if task)
