"""What locks pin for a platform: names with their versions, in the form in which installed packages are compared."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from stackproof.model.proof import Json
from stackproof.prove.verdicts import Row, text, texts

Pins = dict[str, list[Json]]  # no version: any is right

_INCLUDE = re.compile(r"(?:-r|--requirement)[\s=]*(\S+)")
_NODE = "node_modules/"


def normalised(name: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def of_requirements(folder: Path, path: str, markers: Mapping[str, str]) -> Pins:
    """Of a requirements file and those it includes, what holds where these markers do."""
    found: Pins = {}
    for line in _lines(folder / path):
        if include := _INCLUDE.match(line):
            nested = (folder / path).parent.joinpath(include[1]).relative_to(folder)
            found |= of_requirements(folder, str(nested), markers)
        elif pin := _pin(line, markers):
            found[pin[0]] = [pin[1]] if pin[1] else []
    return found


def _lines(path: Path) -> Iterator[str]:
    """Whole ones, without comments and hashes."""
    joined = path.read_text("utf-8").replace("\\\n", " ")
    for line in joined.splitlines():
        yield re.split(r"(?:^|\s)#|\s--", line)[0].strip()


def _pin(line: str, markers: Mapping[str, str]) -> tuple[str, str] | None:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        asked = Requirement(line)
    except InvalidRequirement:
        return None  # an option, or a path
    if asked.marker and not asked.marker.evaluate(dict(markers)):
        return None
    exact = re.fullmatch(r"===?([^,*]+)", str(asked.specifier))
    return normalised(asked.name), exact[1] if exact else ""


def needed(roots: Iterable[str], installed: Iterable[Row], markers: Mapping[str, str]) -> tuple[str, ...]:
    """Names of what these requirements bring with them, as the installed packages themselves say."""
    from packaging.requirements import Requirement

    by_name = {normalised(text(row, "name")): row for row in installed}
    open_, found = [Requirement(root) for root in roots], dict[str, None]()
    while open_:
        wanted = open_.pop()
        name = normalised(wanted.name)
        if name not in by_name or name in found:
            continue
        found[name] = None
        for asked in map(Requirement, texts(by_name[name], "requires")):
            extras = ["", *wanted.extras]
            if not asked.marker or any(asked.marker.evaluate({**markers, "extra": extra}) for extra in extras):
                open_.append(asked)
    return tuple(found)


def of_package_lock(lock: str) -> Pins:
    """Of npm's package-lock.json; a package may be there in several versions."""
    found: Pins = {}
    packages = cast(dict[str, dict[str, str]], json.loads(lock).get("packages", {}))
    for path, said in packages.items():
        if _NODE in path and "version" in said:
            name = said.get("name", path.rpartition(_NODE)[2])
            found.setdefault(name, []).append(said["version"])
    return found
