"""Code that asks for the metadata of its own distribution: `importlib.metadata.version("shop")`."""

import ast
from collections.abc import Iterator

from stackproof.detect import code, manifest, requirements, setup_files
from stackproof.detect.modules import Module
from stackproof.detect.requirements_txt import normalised
from stackproof.model.facts import Distribution, Fact, OwnMetadata
from stackproof.model.source import SourceTree

_ASKING = (
    *(f"importlib.metadata.{name}" for name in ("version", "metadata", "distribution")),
    *(f"importlib_metadata.{name}" for name in ("version", "metadata", "distribution")),
    "pkg_resources.get_distribution",
)
_PACKAGE = frozenset({"__package__", "__name__"})


def detect(tree: SourceTree) -> Iterator[Fact]:
    own = next((fact for fact in requirements.detect(tree) if isinstance(fact, Distribution)), None)
    called = code.read(tree).called
    calls = [found for name in _ASKING for found in called.get(name, ())] if own else []
    for module, call in calls:
        if own and call.args and normalised(_asked(module, call.args[0])) == normalised(own.name):
            yield OwnMetadata(own.name, _version(tree), module.place(call))
            return


def _asked(module: Module, argument: ast.expr) -> str:
    """The name, as far as it is a literal or the package that the module lies in."""
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    return module.name.partition(".")[0] if isinstance(argument, ast.Name) and argument.id in _PACKAGE else ""


def _version(tree: SourceTree) -> str:
    """ "" where it is made as the project is built."""
    path = manifest.pyproject(tree)
    stated = [manifest.table(tree, path, name).get("version") for name in ("project", "tool.poetry")]
    stated += [found.text for found in setup_files.stated(tree, "version", "metadata") if ":" not in found.text]
    return next((version for version in stated if isinstance(version, str)), "")
