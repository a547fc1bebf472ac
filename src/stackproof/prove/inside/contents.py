"""Files of the whole file system whose names, or whose folders, are among the given ones."""

import os
import sys
from collections.abc import Iterator

_NOT_FILES = ("/proc", "/sys", "/dev")
_NOT_PROGRAMS = ("/etc/", "/usr/share/", "/var/lib/dpkg/")  # scripts and notes that are called after a program


def look(programs: list[str], packages: list[str], caches: list[str], most: int) -> dict[str, object]:
    """`programs` by the name of an executable file, `packages` by what can be imported, `caches` by folder.

    Neither a version at the end (gcc-12, pip3.11) nor a platform in front (x86_64-linux-gnu-gcc) hides a program.
    """
    files = list(_files("/"))
    found = {
        "programs": sorted(path for path in files if named(path, programs) and os.access(path, os.X_OK)),
        "packages": sorted(_packages(packages, sys.path)),
        "caches": sorted(path for path in files if cached(path, caches)),
    }
    counts = {kind: len(paths) for kind, paths in found.items()}
    shown = {kind: paths[:most] for kind, paths in found.items()}
    return {"looked_at": len(files), "counts": counts, "uid": os.getuid(), **shown}


def _files(root: str) -> Iterator[str]:
    for here, folders, files in os.walk(root):
        folders[:] = [name for name in folders if os.path.join(here, name) not in _NOT_FILES]  # noqa: PTH118
        yield from (os.path.join(here, name) for name in files)  # noqa: PTH118


def cached(path: str, caches: list[str]) -> bool:
    return any(f"{cache}/" in path for cache in caches)


def named(path: str, names: list[str]) -> bool:
    """Whether that is one of these programs, if it is a program at all."""
    if path.startswith(_NOT_PROGRAMS):
        return False
    name = path.rsplit("/", 1)[-1]
    plain = name.rstrip("0123456789.").rstrip("-").rsplit("-linux-gnu-", 1)[-1]
    return name in names or plain in names


def _packages(names: list[str], import_path: list[str]) -> Iterator[str]:
    for folder in import_path:
        for name in names:
            for path in (f"{folder}/{name}", f"{folder}/{name}.py"):
                if os.path.exists(path):  # noqa: PTH110
                    yield path
