"""An OSV database on disk, and which of its advisories are about a version of a Python package.

The format: ossf.github.io/osv-schema.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stackproof.errors import ToolFailed
from stackproof.prove import severity
from stackproof.prove.pins import normalised

_FIX = "Give `[prove] advisories` a folder with OSV records, or a zip file such as OSV's own of one ecosystem."
Osv = Mapping[str, Any]


@dataclass
class Database:
    """The advisories about some packages, and how many there are in all, about any package of Python."""

    records: list[Osv] = field(default_factory=list)
    count: int = 0
    newest: str = ""  # when the last of them was changed


@dataclass(frozen=True)
class Known:
    """An advisory about an installed version, under all its names."""

    package: str
    version: str
    ids: tuple[str, ...]
    severity: str
    fixed: tuple[str, ...]
    summary: str


def read(path: Path, names: frozenset[str]) -> Database:
    """Raises ToolFailed for what is no such database."""
    found = Database()
    for where, data in _files(path):
        record = _record(where, data)
        if about := {normalised(str(each["package"]["name"])) for each in _affected(record)}:
            found.count += 1
            found.newest = max(found.newest, str(record.get("modified", "")))
            if about & names and not record.get("withdrawn"):
                found.records.append(record)
    return found


def known(database: Database, name: str, version: str) -> tuple[Known, ...]:
    """Each once, though several databases have it under names of their own."""
    groups: list[list[Osv]] = []
    for record in database.records:
        if any(_is_about(each, name, version) for each in _affected(record)):
            same = [group for group in groups if any(_names(record) & _names(other) for other in group)]
            groups = [group for group in groups if group not in same]
            groups.append([record, *(other for group in same for other in group)])
    return tuple(sorted((_known(group, name, version) for group in groups), key=lambda each: each.ids))


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        if path.is_dir():
            yield from ((str(each.relative_to(path)), each.read_bytes()) for each in sorted(path.rglob("*.json")))
            return
        with zipfile.ZipFile(path) as packed:
            names = sorted(each for each in packed.namelist() if each.endswith(".json"))
            yield from ((name, packed.read(name)) for name in names)
    except (OSError, zipfile.BadZipFile) as problem:
        raise ToolFailed(f"The advisories in {path.name} cannot be read: {problem}", fix=_FIX) from problem


def _record(where: str, data: bytes) -> Osv:
    try:
        record = json.loads(data)
        if isinstance(record, dict) and isinstance(record.get("id"), str):
            return record
    except ValueError:
        pass
    raise ToolFailed(f"{where} among the advisories is no OSV record", fix=_FIX)


def _affected(record: Osv) -> Iterator[Osv]:
    for each in record.get("affected") or ():
        package = each.get("package") or {}
        if str(package.get("ecosystem", "")).partition(":")[0] == "PyPI" and "name" in package:
            yield each


def _is_about(affected: Osv, name: str, version: str) -> bool:
    if normalised(str(affected["package"]["name"])) != name:
        return False
    ranges = (each for each in affected.get("ranges") or () if each.get("type") == "ECOSYSTEM")
    return version in (affected.get("versions") or ()) or any(
        _within(each.get("events") or (), version) for each in ranges
    )


def _within(events: Iterable[Mapping[str, str]], version: str) -> bool:
    """OSV's own way: the events in the order of their versions switch between affected and not."""
    from packaging.version import InvalidVersion, Version

    try:
        ours = Version(version)
        steps = sorted((Version(at), kind) for event in events for kind, at in event.items() if kind != "limit")
    except InvalidVersion:
        return False  # only the list of versions can tell
    inside = False
    for at, kind in steps:
        if kind == "introduced" and ours >= at:
            inside = True
        elif (kind == "fixed" and ours >= at) or (kind == "last_affected" and ours > at):
            inside = False
    return inside


def _names(record: Osv) -> set[str]:
    return {str(record["id"]), *(str(each) for each in record.get("aliases") or ())}


def _known(group: list[Osv], name: str, version: str) -> Known:
    return Known(
        name,
        version,
        tuple(sorted({str(record["id"]) for record in group})),
        severity.worst(severity.of(record) for record in group),
        tuple(sorted({fixed for record in group for fixed in _fixed(record, name)})),
        next((str(record["summary"]) for record in group if record.get("summary")), ""),
    )


def _fixed(record: Osv, name: str) -> Iterator[str]:
    for affected in _affected(record):
        if normalised(str(affected["package"]["name"])) == name:
            ranges = (each for each in affected.get("ranges") or () if each.get("type") == "ECOSYSTEM")
            yield from (event["fixed"] for each in ranges for event in each.get("events") or () if "fixed" in event)
