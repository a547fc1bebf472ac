"""What of the given folders, and of the folders above them, the user of this process can change."""

import os
import sys
from collections.abc import Iterator, Sequence


def look(
    roots: list[str], allowed: list[str], most: int, import_path: Sequence[str] = tuple(sys.path)
) -> dict[str, object]:
    """`allowed` are folders that may be written to (volumes). An owner can give itself the right to write."""
    folders = sorted({*roots, *(path for path in import_path if os.path.isdir(path))})  # noqa: PTH112
    count = 0
    found: list[str] = []
    for path in _all(folders, set(allowed)):
        count += 1
        if len(found) < most and _changeable(path):
            found.append(path)
    options = _root_options()
    return {"looked_at": count, "folders": folders, "writable": found, "uid": os.getuid(), "root_read_only": options}


def _all(folders: list[str], allowed: set[str]) -> Iterator[str]:
    seen = set()
    for folder in folders:
        for path in (*_above(folder), *_below(folder, allowed)):
            if path not in seen:
                seen.add(path)
                yield path


def _above(folder: str) -> Iterator[str]:
    while folder != "/":
        folder = os.path.dirname(folder)  # noqa: PTH120
        yield folder


def _below(folder: str, allowed: set[str]) -> Iterator[str]:
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if f"{here}/{name}" not in allowed]
        yield here
        yield from (f"{here}/{name}" for name in files)


def _changeable(path: str) -> bool:
    if os.path.islink(path):  # noqa: PTH114 - a link has no rights of its own; its folder decides
        return False
    return os.access(path, os.W_OK) or os.stat(path).st_uid == os.getuid()  # noqa: PTH116


def _root_options() -> bool:
    with open("/proc/self/mounts") as mounts:  # noqa: PTH123
        roots = [line.split() for line in mounts if line.split()[1] == "/"]
    return "ro" in roots[-1][3].split(",")
