"""package.json files and what lies beside them: which folders hold a front end, and how its packages are installed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from stackproof.detect import reading, territory
from stackproof.model.facts import Ambiguity, Unreadable
from stackproof.model.source import Place, SourceTree

FILE = "package.json"
Tool = Literal["npm", "pnpm", "yarn"]
_LOCKS: Mapping[str, Tool] = {
    "package-lock.json": "npm", "npm-shrinkwrap.json": "npm", "pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn",
}  # fmt: skip
_MANAGER = re.compile(r"(npm|pnpm|yarn)@(\d[\w.-]*)")
_VERSIONS = (".nvmrc", ".node-version")


@dataclass(frozen=True)
class Manifest:
    folder: str  # "" for the project itself
    data: Mapping[str, Any]

    @property
    def path(self) -> str:
        return self.file(FILE)

    def file(self, name: str) -> str:
        return f"{self.folder}/{name}" if self.folder else name

    def table(self, name: str) -> Mapping[str, str]:
        """The texts of a table: `scripts`, `dependencies`."""
        found = self.data.get(name)
        texts = found.items() if isinstance(found, dict) else ()
        return {key: value for key, value in texts if isinstance(value, str)}

    def depends(self, package: str) -> bool:
        return package in self.table("dependencies") or package in self.table("devDependencies")

    def place(self, tree: SourceTree, key: str) -> Place:
        """The first line that names the key, else the file."""
        named = re.compile(rf'"{re.escape(key)}"\s*:')
        places = (line.place for line in reading.lines(tree, self.path) if named.search(line.text))
        return next(places, Place(self.path))


@lru_cache(maxsize=8)
def manifests(tree: SourceTree) -> tuple[Manifest, ...]:
    """Those of the application's own territory, by folder."""
    read = ((path, reading.json(tree, path)) for path in _paths(tree))
    found = (Manifest(path.rpartition("/")[0], data) for path, data in read if not isinstance(data, Unreadable))
    return tuple(sorted(found, key=lambda manifest: manifest.folder))


def unreadable(tree: SourceTree) -> Iterator[Unreadable]:
    found = (reading.json(tree, path) for path in _paths(tree))
    yield from (problem for problem in found if isinstance(problem, Unreadable))


def tool(tree: SourceTree, manifest: Manifest) -> tuple[Tool, str | None, str | None]:
    """The package manager, its version ("4.9.1", "1") where something says it, and the name of its lock."""
    said = _MANAGER.match(str(manifest.data.get("packageManager", "")))
    locks = [name for name in _LOCKS if manifest.file(name) in tree]
    if said is None:
        lock = locks[0] if locks else None
        return _LOCKS[lock] if lock else "npm", _form(tree, manifest) if lock == "yarn.lock" else None, lock
    named: Tool = next(each for each in _LOCKS.values() if each == said[1])
    return named, said[2], next((name for name in locks if _LOCKS[name] == named), None)


def _form(tree: SourceTree, manifest: Manifest) -> str:
    """The Yarn that wrote the lock, as far as its form says it."""
    later = any(line.text.startswith("__metadata:") for line in reading.lines(tree, manifest.file("yarn.lock")))
    return "4" if later else "1"


def ambiguity(tree: SourceTree, manifest: Manifest) -> Iterator[Ambiguity]:
    """Locks of several package managers: one of them is out of date."""
    locks = tuple(name for name in _LOCKS if manifest.file(name) in tree)
    chosen = tool(tree, manifest)[2]
    if len(locks) > 1 and chosen:
        because = "locks of several package managers lie here, and only one of them can be right"
        seen = Place(manifest.file(chosen))
        yield Ambiguity("lock of the front end", chosen, locks, because, '"packageManager" in package.json', seen)


def node(tree: SourceTree, manifest: Manifest) -> str | None:
    """The Node version that is asked for, as it is said: a pin goes before a range."""
    homes = dict.fromkeys((manifest.file(name) for name in _VERSIONS), True) | dict.fromkeys(_VERSIONS, True)
    for path in homes:
        for line in reading.lines(tree, path):
            if line.text.strip() and not line.text.lstrip().startswith("#"):
                return line.text.strip()
    return manifest.table("engines").get("node")


def _paths(tree: SourceTree) -> tuple[str, ...]:
    found = (path for path in tree.paths if path.rpartition("/")[2] == FILE and path in tree.files)
    return tuple(path for path in found if not territory.is_foreign(path) and not territory.is_beside(path))
