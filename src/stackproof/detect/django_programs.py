"""Processes that Django's manage.py runs: commands that never end, and workers of installed queue applications."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from stackproof.detect import code, endless, reach
from stackproof.detect.code import Code
from stackproof.detect.modules import Module
from stackproof.model.facts import Program
from stackproof.model.source import Place, SourceTree

# Installed application -> the command of manage.py that works off its queue.
_WORKERS = {
    "django_q": "qcluster", "huey.contrib.djhuey": "run_huey", "background_task": "process_tasks",
    "django_rq": "rqworker", "django_dramatiq": "rundramatiq", "django_tasks.backends.database": "db_worker",
    "django_tasks_db": "db_worker", "django_tasks_rq": "rqworker",
}  # fmt: skip


def found(tree: SourceTree) -> Iterator[Program]:
    manage = _manage(tree)
    if manage is None:
        return
    known = code.read(tree)
    for name, seen in installed(known):
        if command := _WORKERS.get(name):
            queues = _queues(known) if command == "rqworker" else ()
            yield Program(command, "django", ("python", manage, command, *queues), seen)
    yield from _commands(known, manage)


def _manage(tree: SourceTree) -> str | None:
    paths = (module.path for module in code.read(tree) if PurePosixPath(module.path).name == "manage.py")
    return min(paths, key=lambda path: (path.count("/"), path), default=None)


def installed(known: Code) -> Iterator[tuple[str, Place]]:
    """The strings of every list whose name says that it holds applications."""
    for module in known:
        for name, value in module.names.items():
            if name == "INSTALLED_APPS" or name.endswith("_APPS"):
                for node in ast.walk(value):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield node.value, module.place(node)


def _queues(known: Code) -> tuple[str, ...]:
    tables = (module.names["RQ_QUEUES"] for module in known if "RQ_QUEUES" in module.names)
    keys = (key for table in tables if isinstance(table, ast.Dict) for key in table.keys)
    return tuple(dict.fromkeys(str(key.value) for key in keys if isinstance(key, ast.Constant)))


def _commands(known: Code, manage: str) -> Iterator[Program]:
    """`management/commands/NAME.py` whose `handle` runs until it is stopped."""
    for module in known:
        path = PurePosixPath(module.path)
        node = module.classes.get("Command")
        if path.parts[-3:-1] == ("management", "commands") and node and _endless(known, module, node):
            yield Program(path.stem, "django", ("python", manage, path.stem), module.place(node))


def _endless(known: Code, module: Module, node: ast.ClassDef) -> bool:
    return endless.kind(known, reach.reached(known, module, [node])) is not None
