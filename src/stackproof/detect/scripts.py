"""The files of the project that are run as programs: what each runs, and the words that start it."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from stackproof.detect import code, imports, manifest
from stackproof.detect.code import Code
from stackproof.detect.modules import Module
from stackproof.model.source import SourceTree

_NO_STEPS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


class Script(NamedTuple):
    module: Module
    name: str  # for people: "bot"
    words: tuple[str, ...]  # ("python", "bot.py")
    steps: tuple[ast.AST, ...]  # the statements that it runs


def found(tree: SourceTree) -> Iterator[Script]:
    """Guarded by `__name__`, a package's `__main__`, or run on import that nothing imports; then console scripts."""
    known = code.read(tree)
    imported = {name for module in known for name in module.needs}
    for module in known:
        if steps := _steps(module, imported):
            yield Script(module, _name(module.path), words(tree, module), steps)
    yield from _console(tree, known)


def words(tree: SourceTree, module: Module) -> tuple[str, ...]:
    """A file beside its import root by its path, one in a package by its module: both find what they import."""
    program = target(tree, module)
    return ("python", program) if program.endswith(".py") else ("python", "-m", program)


def target(tree: SourceTree, module: Module) -> str:
    name = module.name.removesuffix(".__main__")
    inside = "/" in imports.under(module.path, imports.root_of(tree, module.path))
    return name if inside else module.path


def _steps(module: Module, imported: set[str]) -> tuple[ast.AST, ...]:
    if module.scripts:
        return tuple(module.scripts)
    alone = module.path.endswith("__main__.py") or (module.name not in imported and not module.package)
    return tuple(node for node in module.statements if alone and not isinstance(node, _NO_STEPS))


def _name(path: str) -> str:
    folder, _, file = path.rpartition("/")
    return folder.rpartition("/")[2] if file == "__main__.py" and folder else file.removesuffix(".py")


def _console(tree: SourceTree, known: Code) -> Iterator[Script]:
    """Commands that the manifest declares: `[project.scripts] bot = "pkg.main:run"`."""
    path = manifest.pyproject(tree)
    for table in ("project.scripts", "tool.poetry.scripts"):
        for name, said in manifest.table(tree, path, table).items():
            full = known.follow(str(said).replace(":", "."))
            if made := known.function(full):
                yield Script(made[0], name, ("python", "-c", _calling(full)), (made[1],))


def _calling(function: str) -> str:
    """What the command does that an installer writes; the project itself may not be installed."""
    module, _, name = function.rpartition(".")
    return f"import sys; from {module} import {name}; sys.exit({name}())"
