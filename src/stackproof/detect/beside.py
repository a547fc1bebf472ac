"""What lies beside the code and is read by it while it runs: templates, static files, data that the code names."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from stackproof.detect import code, territory
from stackproof.detect.code import Code
from stackproof.detect.modules import walk
from stackproof.model.source import SourceTree

# Read by the framework, whether or not the code names them.
_BY_FRAMEWORK = {
    "flask": ("templates", "static"), "quart": ("templates", "static"), "dash": ("assets",),
    "streamlit": ("static",), "django": ("templates", "static", "locale"),
}  # fmt: skip
_CONFIGURED = ".streamlit/config.toml"  # of its folder nothing else: secrets.toml lies there too
_NEVER = (".py", ".md", ".rst", ".lock", ".sqlite3", ".sqlite", ".db", ".log", ".pid", ".ipynb")
_MAX_LENGTH = 200  # of a text that can be a path


def entries(tree: SourceTree, root: str) -> Iterator[str]:
    """Files and folders at the top of an import root that hold no module, in the words of the project's paths."""
    known = code.read(tree)
    named = _named(known) | {name for top in _libraries(known) for name in _BY_FRAMEWORK.get(top, ())}
    prefix = f"{root}/" if root else ""
    yield from (path for path in (f"{prefix}{_CONFIGURED}",) if path in tree)
    tops = {path.removeprefix(prefix).partition("/")[0] for path in tree.under(root)}
    for name in sorted(named & tops):
        path = f"{prefix}{name}"
        if _readable(path) and (path in tree or _folder(tree, path)):
            yield path


def _readable(path: str) -> bool:
    return not path.endswith(_NEVER) and not territory.is_foreign(f"{path}/x")


def _folder(tree: SourceTree, path: str) -> bool:
    """A front end is built in an image of its own."""
    return f"{path}/package.json" not in tree and not territory.is_beside(f"{path}/x")


@lru_cache(maxsize=8)
def _named(known: Code) -> frozenset[str]:
    """The first parts of all texts in the code that can be paths."""
    found: set[str] = set()
    for module in known:
        for node in walk(module.body):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < _MAX_LENGTH:
                found.add(node.value.removeprefix("./").removeprefix("/").partition("/")[0])
    return frozenset(found - {""})


@lru_cache(maxsize=8)
def _libraries(known: Code) -> frozenset[str]:
    return frozenset(need.partition(".")[0] for module in known for need in module.needs)
