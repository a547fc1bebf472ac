"""Celery applications, and the shim modules that hand them to the command line."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from stackproof.detect import code, start_lines
from stackproof.detect.code import Code
from stackproof.detect.modules import Module
from stackproof.detect.objects import Made, Objects
from stackproof.model.facts import Ambiguity, CeleryApp, Fact
from stackproof.model.source import Place, SourceTree

CLASSES = {"celery.Celery": "celery", "celery.app.Celery": "celery", "celery.app.base.Celery": "celery"}
_EXTENSIONS = {"celery": "celery"}  # where Flask's documentation keeps it
_USUAL = "a module with a usual name goes first, then the one nearest the top"
_MODULES = ("celery_app", "celery", "celeryapp", "worker", "celery_worker")  # what people give to `celery -A`


def detect(tree: SourceTree) -> Iterator[Fact]:
    """The best module for `celery -A` comes first: by a start line, a usual name, nearest the top."""
    known = code.read(tree)
    made = applications(known).ready
    found = [*_defined(known, made), *_shims(known)]
    found.sort(key=lambda app: (_started(tree, app) is None, *_rank(app)))
    yield from found or _said(tree, known)
    if len(made) > 1:
        yield _ambiguity(tree, found[0], made)


@lru_cache(maxsize=8)
def applications(known: Code) -> Objects:
    return Objects(known, CLASSES, _EXTENSIONS)


def _defined(known: Code, made: tuple[Made, ...]) -> Iterator[CeleryApp]:
    for item in made:
        home, _ = known.split(item.module)
        yield CeleryApp(_argument(known, home, item.module, item.attribute), item.attribute, False, item.seen)


def _said(tree: SourceTree, known: Code) -> Iterator[CeleryApp]:
    """Where no object could be followed to its making: what a start line names, if the module binds such a name."""
    for said, seen in start_lines.celery(tree).items():
        home, attribute = known.split(said.replace(":", "."))
        name = attribute or "app"
        if home and name in home.names:
            yield CeleryApp(said, name, False, seen)
            return


def _shims(known: Code) -> Iterator[CeleryApp]:
    """Modules made to re-export: named for it, a package's face, listing it in `__all__`, or nothing but imports."""
    for module in known:
        for node in module.nodes(ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name
                target = applications(known).by_name.get(known.follow(f"{module.name}.{name}"))
                if target and module.imports.get(name) and _hands_on(module, name):
                    yield CeleryApp(
                        _argument(known, module, module.name, name), name, True, Place(module.path, node.lineno)
                    )


def _hands_on(module: Module, name: str) -> bool:
    if module.package or module.name.rpartition(".")[2] in _MODULES:
        return True
    listed = module.names.get("__all__")
    if isinstance(listed, ast.List | ast.Tuple):
        return any(isinstance(item, ast.Constant) and item.value == name for item in listed.elts)
    return all(isinstance(node, ast.Import | ast.ImportFrom | ast.Expr) for node in module.body.body)


def _argument(known: Code, home: Module | None, module: str, attribute: str) -> str:
    """`celery -A module` takes `module.app` first: where that is something else, the attribute is named too."""
    hidden = home is not None and attribute != "app" and _binds(home, "app")
    if not hidden or applications(known).by_name.get(known.follow(f"{module}.app")):
        return module
    return f"{module}:{attribute}"


def _binds(module: Module, name: str) -> bool:
    return name in module.names or name in module.imports or name in module.functions


def _rank(app: CeleryApp) -> tuple[object, ...]:
    module, _, _ = app.module.partition(":")
    usual = module.rpartition(".")[2] in _MODULES
    return not usual, ":" in app.module, module.count("."), app.reexport, app.module, app.seen.line


def _started(tree: SourceTree, app: CeleryApp) -> Place | None:
    """Where a start line gives it to `celery -A`; `proj` stands for `proj.celery` too."""
    module = app.module.partition(":")[0]
    named = {module, f"{module}:{app.attribute}", f"{module}.{app.attribute}", module.removesuffix(".celery")}
    return next((seen for said, seen in start_lines.celery(tree).items() if said in named), None)


def _ambiguity(tree: SourceTree, chosen: CeleryApp, made: tuple[Made, ...]) -> Ambiguity:
    return Ambiguity(
        about="Celery application",
        chosen=chosen.module,
        candidates=tuple(item.module for item in made),
        because=f"{line} starts it" if (line := _started(tree, chosen)) else _USUAL,
        setting=f'services.worker.app = "{chosen.module}"',
        seen=chosen.seen,
    )
