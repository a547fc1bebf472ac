"""Pipfile and Pipfile.lock: what they ask for by category, what they pin, which Python they want."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from stackproof.detect import manifest, reading, specifiers
from stackproof.detect.requirements_txt import normalised
from stackproof.model.facts import Locked, Requirement
from stackproof.model.source import Place, SourceTree

_NO_CATEGORY = frozenset({"source", "requires", "scripts", "pipenv"})
_KEY = re.compile(r'\s*"([^"]+)":\s*\{')
_MARKERS = {"sys_platform", "platform_system", "os_name", "python_version", "platform_machine"}


def path(tree: SourceTree) -> str:
    return f"{manifest.home(tree)}Pipfile"


def lock(tree: SourceTree) -> str:
    return f"{manifest.home(tree)}Pipfile.lock"


def asked(tree: SourceTree) -> Iterator[Requirement]:
    """[packages] are the main ones, [dev-packages] the group `dev`; other categories keep their names."""
    file = path(tree)
    content = reading.toml(tree, file)
    for category in content if isinstance(content, Mapping) else ():
        group = {"packages": "", "dev-packages": "dev"}.get(category, category)
        for name, stated in manifest.table(tree, file, category).items() if category not in _NO_CATEGORY else ():
            yield _requirement(name, stated, group, manifest.place(tree, file, category, name))


def _requirement(name: str, stated: object, group: str, seen: Place) -> Requirement:
    options: Mapping[str, Any] = stated if isinstance(stated, dict) else {"version": stated}
    version, marker = options.get("version"), [f"{key} {options[key]}" for key in sorted(_MARKERS & options.keys())]
    said = options.get("markers")
    return Requirement(
        name=normalised(name),
        specifier=specifiers.standard(version) if isinstance(version, str) else "",
        group=group,
        extras=manifest.strings(options.get("extras")),
        seen=seen,
        marker=said if isinstance(said, str) else " and ".join(marker),
        url=source(options),
    )


def source(options: Mapping[str, Any]) -> str:
    """Where a dependency of Pipenv, Poetry or uv comes from, unless from an index: as a URL, or as a path."""
    for kind in ("git", "path", "file", "url"):
        stated = options.get(kind)
        if isinstance(stated, str):
            at = next((options[key] for key in ("rev", "ref", "tag", "branch") if key in options), "")
            return (f"git+{stated}" if kind == "git" else stated) + (f"@{at}" if at and kind == "git" else "")
    return ""


def python(tree: SourceTree) -> Iterator[tuple[str, Place]]:
    """[requires] python_version or python_full_version: one version, which Pipenv then wants."""
    file = path(tree)
    for key in ("python_full_version", "python_version"):
        stated = manifest.table(tree, file, "requires").get(key)
        if isinstance(stated, str):
            yield stated, manifest.place(tree, file, "requires", key)
            return


@lru_cache(maxsize=8)
def locked(tree: SourceTree) -> tuple[Locked, ...]:
    """All categories; what stands in two is pinned alike."""
    file = lock(tree)
    content = reading.json(tree, file)
    if not isinstance(content, Mapping):
        return ()
    lines = {found[1]: line.place for line in reading.lines(tree, file) if (found := _KEY.match(line.text))}
    pins: dict[str, Locked] = {}
    for category, packages in content.items():
        for name, stated in packages.items() if category != "_meta" and isinstance(packages, dict) else ():
            version = stated.get("version") if isinstance(stated, dict) else None
            if isinstance(version, str):
                place = lines.get(name, Place(file))
                pins.setdefault(name, Locked(normalised(name), version.lstrip("= "), place))
    return tuple(pins.values())
