"""SR307: COPY names a file that no clone of the project has, or that .dockerignore keeps from the builder."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import chain

from stackproof.check.builds import Build, Copied, builds, copied, holds
from stackproof.check.ignore_files import of_build
from stackproof.model.findings import Inspected, Rule, Sighting
from stackproof.model.source import SourceTree

_GLOB = frozenset("*?[")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for build in builds(inspected):
        for each in copied(build.dockerfile):
            if "$" in each.source or each.is_all:
                continue
            if reasons := _reasons(inspected.tree, build, each):
                yield Sighting(each.instruction.seen, f"{each.source} {reasons[0]}")


def _reasons(tree: SourceTree, build: Build, copy: Copied) -> list[str]:
    """Why no context has it; nothing where one does."""
    found = [_reason(tree, context, build.dockerfile.path, copy.source) for context in build.contexts]
    return [] if None in found else [each for each in found if each]


def _reason(tree: SourceTree, context: str, dockerfile: str, source: str) -> str | None:
    ignore = of_build(tree, context, dockerfile)
    if _GLOB & set(source):
        there = _matching(tree, context, source)
    else:
        there = [source] if holds(tree, context, source) else []
    if not there:
        return f"is not in {context or 'the project'}: git ignores it, or it does not exist"
    if ignore and all(ignore.leaves_out(path) for path in chain(there, _below(tree, context, there))):
        return f"is kept from the builder by {ignore.path}"
    return None


def _matching(tree: SourceTree, context: str, pattern: str) -> list[str]:
    """A pattern never crosses a slash: as many parts as it has."""
    parts = pattern.split("/")
    here = (path.split("/")[: len(parts)] for path in _paths(tree, context))
    found = {"/".join(names) for names in here if len(names) == len(parts) and all(map(fnmatchcase, names, parts))}
    return sorted(found)


def _below(tree: SourceTree, context: str, folders: list[str]) -> Iterator[str]:
    """A folder may be left out while some of its files are kept in."""
    prefixes = tuple(f"{folder}/" for folder in folders)
    return (path for path in _paths(tree, context) if path.startswith(prefixes))


def _paths(tree: SourceTree, context: str) -> Iterator[str]:
    prefix = f"{context}/" if context else ""
    return (path[len(prefix) :] for path in tree.paths if path.startswith(prefix))


RULE = Rule(
    "SR307-copy-source-missing",
    says="What a Dockerfile copies is in every clone of the project.",
    fix="Commit the file, make it in a build stage, or correct its name.",
    severity="error",
    profile="recommended",
    check=_check,
)
