"""The project's name and everything that its manifest asks for, by group."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from stackproof.detect import manifest, pipfile, requirements_txt, setup_files, specifiers
from stackproof.detect.requirements_txt import Asked
from stackproof.model.facts import Distribution, Fact, Requirement, Unreadable
from stackproof.model.source import Place, SourceTree


def detect(tree: SourceTree) -> Iterator[Fact]:
    yield from _distribution(tree)
    yield from _read(tree)


def asked(tree: SourceTree) -> tuple[Requirement, ...]:
    return tuple(item for item in _read(tree) if isinstance(item, Requirement))


def names(tree: SourceTree) -> frozenset[str]:
    """Names of all distributions asked for, in any group."""
    return frozenset(item.name for item in asked(tree))


def extras_of(tree: SourceTree, name: str) -> frozenset[str]:
    return frozenset(extra for item in asked(tree) if item.name == name for extra in item.extras)


@lru_cache(maxsize=8)
def _read(tree: SourceTree) -> tuple[Requirement | Unreadable, ...]:
    """Standard tables, Poetry's and PDM's, Pipenv's file, requirements files, then those of setuptools."""
    return (*_standard(tree), *_poetry(tree), *pipfile.asked(tree), *_files(tree), *_setup(tree))


def _distribution(tree: SourceTree) -> Iterator[Fact]:
    path = manifest.pyproject(tree)
    built = bool(manifest.table(tree, path, "build-system"))
    for name in ("project", "tool.poetry"):
        stated = manifest.table(tree, path, name).get("name")
        if isinstance(stated, str):
            yield Distribution(stated, _packaged(tree, path, built), manifest.place(tree, path, name, "name"))
            return
    for found in setup_files.stated(tree, "name", "metadata"):
        yield Distribution(found.text, True, found.seen)
        return


def _packaged(tree: SourceTree, path: str, built: bool) -> bool:
    """Poetry installs the project unless told not to, uv only with a build backend or when told to."""
    if manifest.table(tree, path, "tool.poetry").get("package-mode") is False:
        return False
    stated = manifest.table(tree, path, "tool.uv").get("package")
    return stated if isinstance(stated, bool) else built or bool(manifest.table(tree, path, "tool.poetry").get("name"))


def _standard(tree: SourceTree) -> Iterator[Requirement | Unreadable]:
    """PEP 621 dependencies and extras, PEP 735 groups. Extras stand in the group "extra:<name>"."""
    path = manifest.pyproject(tree)
    main = manifest.table(tree, path, "project").get("dependencies")
    yield from _listed(tree, path, "project", "dependencies", main, "")
    for extra, items in manifest.table(tree, path, "project.optional-dependencies").items():
        yield from _listed(tree, path, "project.optional-dependencies", extra, items, f"extra:{extra}")
    for group, items in manifest.table(tree, path, "dependency-groups").items():
        yield from _listed(tree, path, "dependency-groups", group, items, group)
    development = manifest.table(tree, path, "tool.uv").get("dev-dependencies")
    yield from _listed(tree, path, "tool.uv", "dev-dependencies", development, "dev")
    for group, items in manifest.table(tree, path, "tool.pdm.dev-dependencies").items():
        yield from _listed(tree, path, "tool.pdm.dev-dependencies", group, items, group)


def _listed(
    tree: SourceTree, path: str, table: str, key: str, items: object, group: str
) -> Iterator[Requirement | Unreadable]:
    for text in manifest.strings(items):
        seen = manifest.place(tree, path, table, key, text)
        found = requirements_txt.parsed(text, seen)
        yield _requirement(found, group) if found else Unreadable(f"not a requirement: {text[:40]!r}", seen)


def _poetry(tree: SourceTree) -> Iterator[Requirement]:
    path = manifest.pyproject(tree)
    tables = {"tool.poetry.dependencies": "", "tool.poetry.dev-dependencies": "dev"}
    for group in manifest.table(tree, path, "tool.poetry.group"):
        tables[f"tool.poetry.group.{group}.dependencies"] = group
    for table, group in tables.items():
        for name, stated in manifest.table(tree, path, table).items():
            if name.lower() != "python":
                yield _poetry_item(tree, name, stated, group, manifest.place(tree, path, table, name))


def _poetry_item(tree: SourceTree, name: str, stated: object, group: str, seen: Place) -> Requirement:
    """`"^1.2"`, `{version = "^1.2", extras = [...], optional = true}` or a list of those."""
    first: object = stated[0] if isinstance(stated, list) and stated else stated
    options: Mapping[str, Any] = first if isinstance(first, dict) else {"version": first}
    version, marker = options.get("version"), options.get("markers")
    return Requirement(
        name=requirements_txt.normalised(name),
        specifier=specifiers.standard(version) if isinstance(version, str) else "",
        group=_extra(tree, name) if options.get("optional") is True else group,
        extras=manifest.strings(options.get("extras")),
        seen=seen,
        marker=marker if isinstance(marker, str) else "",
        url=pipfile.source(options),
    )


def _extra(tree: SourceTree, name: str) -> str:
    """The group of a dependency of Poetry's that is optional: the first extra that names it."""
    extras = manifest.table(tree, manifest.pyproject(tree), "tool.poetry.extras")
    return next((f"extra:{extra}" for extra, names in extras.items() if name in manifest.strings(names)), "extra")


def _files(tree: SourceTree) -> Iterator[Requirement]:
    """Of requirements files; what a group's file repeats or includes of another file belongs to that file.

    The main file is read from its source, where it has one: the lock names whatever that brings along, and uv
    leaves extras out of it.
    """
    locked: set[str] = set()
    for path, group in requirements_txt.files(tree):
        source = f"{path.removesuffix('.txt')}.in"
        for found in requirements_txt.asked(tree, path if group or source not in tree.files else source):
            if not group or (found.seen.path == path and found.name not in locked):
                yield _requirement(found, group)
        locked |= {found.name for found in requirements_txt.asked(tree, path)} if not group else set()


def _setup(tree: SourceTree) -> Iterator[Requirement]:
    """Not beside requirements files, which are installed from, unless one of them asks for the project itself."""
    listed = [path for path, _ in requirements_txt.files(tree)]
    itself = any(not folder for path in listed for folder, _ in requirements_txt.local(tree, path))
    for stated in setup_files.requirements(tree) if itself or not listed else ():
        if found := requirements_txt.parsed(stated.text, stated.seen):
            yield _requirement(found, stated.group)


def _requirement(found: Asked, group: str) -> Requirement:
    return Requirement(found.name, found.specifier, group, found.extras, found.seen, found.marker, found.url)
