"""Import roots: the folders from which the project's own modules are imported."""

import re
from collections.abc import Mapping
from functools import lru_cache

from stackproof.detect import homes, reading, start_lines, territory
from stackproof.model.source import SourceTree

_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)

# Imports of these names mean the library, even beside a file of that name (shop/celery.py).
_ELSEWHERE = frozenset({
    "alembic", "celery", "django", "fastapi", "flask", "pydantic", "redis", "sqlalchemy",
    "asyncio", "calendar", "code", "collections", "copy", "csv", "dataclasses", "datetime", "email", "enum", "http",
    "json", "logging", "math", "os", "platform", "queue", "random", "re", "secrets", "select", "signal", "site", "io",
    "statistics", "string", "struct", "sys", "test", "time", "token", "tokenize", "types", "typing", "uuid",
})  # fmt: skip


def module_name(tree: SourceTree, path: str) -> str:
    """The dotted name under which the project imports a file."""
    below = under(path, root_of(tree, path)).removesuffix(".py")
    return below.removesuffix("/__init__").replace("/", ".")


def root_of(tree: SourceTree, path: str) -> str:
    return _deepest(path, roots(tree))


@lru_cache(maxsize=8)
def roots(tree: SourceTree) -> tuple[str, ...]:
    """Folders that must be on the import path, "" for the project itself."""
    found: set[str] = set()
    bases = homes.bases(tree)
    for base in bases:
        files = [path for path in territory.candidates(tree) if _deepest(path, bases) == base]
        imported = {path: set(_IMPORT.findall(_source(tree, path))) for path in files}
        inner = {folder for folder in _folders(files, base) if _is_root(tree, folder, imported)}
        found |= {base, *inner, *_stated(tree, base, files)}
    return tuple(sorted(found))


def _is_root(tree: SourceTree, folder: str, imported: Mapping[str, set[str]]) -> bool:
    """`src`, or a folder whose files import each other without naming it; never one that is imported by its name.

    `imported`: the first names that each file imports.
    """
    if f"{folder}/__init__.py" in tree:
        return False
    name = folder.rpartition("/")[2]
    if any(name in heads for heads in imported.values()):
        return False
    inside = [path for path in imported if path.startswith(f"{folder}/")]
    siblings = {under(path, folder).split("/")[0].removesuffix(".py") for path in inside} - _ELSEWHERE
    return name == "src" or any(imported[path] & siblings for path in inside)


def _stated(tree: SourceTree, base: str, files: list[str]) -> set[str]:
    """What a PYTHONPATH of the project's start lines names, from the project or from the top."""
    said = {f"{base}/{path}".strip("/") for path in start_lines.import_paths(tree)} | start_lines.import_paths(tree)
    return {folder for folder in said if any(path.startswith(f"{folder}/") for path in files)}


def _folders(files: list[str], base: str) -> set[str]:
    prefix = f"{base}/" if base else ""
    return {prefix + below.split("/")[0] for path in files if "/" in (below := under(path, base))}


def _deepest(path: str, folders: tuple[str, ...]) -> str:
    return max((folder for folder in folders if not folder or path.startswith(f"{folder}/")), key=len, default="")


def under(path: str, folder: str) -> str:
    return path.removeprefix(f"{folder}/") if folder else path


def _source(tree: SourceTree, path: str) -> str:
    content = reading.text(tree, path)
    return content if isinstance(content, str) else ""
