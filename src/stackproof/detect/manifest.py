"""The project's manifest: where it lies, its tables, and the line of each entry."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stackproof.detect import reading
from stackproof.detect.homes import home, homes
from stackproof.model.source import Place, SourceTree

_TABLE = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+\s*(#.*)?$")

__all__ = ["headers", "home", "homes", "place", "pyproject", "strings", "table"]


def pyproject(tree: SourceTree) -> str:
    return f"{home(tree)}pyproject.toml"


def table(tree: SourceTree, path: str, name: str) -> Mapping[str, Any]:
    """A table of a TOML file by its dotted name; empty where it is missing, unreadable or no table."""
    found: Any = reading.toml(tree, path)
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def strings(value: object) -> tuple[str, ...]:
    """The strings of a list; nothing for anything else."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def place(tree: SourceTree, path: str, name: str, key: str, item: str = "") -> Place:
    """Where a key of a table stands, or an item of its list; the file as a whole where the writing is unusual."""
    stated = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]")
    inside = False
    current = ""
    for line in reading.lines(tree, path):
        if header := _TABLE.match(line.text):
            current, inside = header[1].replace('"', "").replace("'", ""), False
            if current == f"{name}.{key}" and not item:
                return line.place
        elif current == name and stated.match(line.text):
            inside = True
        if inside and (not item or f'"{item}"' in line.text or f"'{item}'" in line.text):
            return line.place
    return Place(path)


def headers(tree: SourceTree, path: str) -> Iterator[str]:
    """The leading comments of a file, where tools say who wrote it."""
    for line in reading.lines(tree, path):
        if not line.text.startswith("#"):
            return
        yield line.text
