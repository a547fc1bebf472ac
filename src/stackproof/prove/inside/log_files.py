"""Files that look like logs, in every place where this container may write, with their sizes."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_LOG = re.compile(r"\.(log|out|err)(\.\d+)?$|(^|/)logs?/|(^|/)syslog$")
_STATE = re.compile(r"^(?:[a-z+]+:///)?(.+\.(?:db|log|sqlite3?))$")
_NOT_LOGS = {".stackproof", ".venv", ".git", "node_modules", "__pycache__", "site-packages"}
_MOST = 20_000


def look(more: list[str]) -> dict[str, object]:
    given = {Path(name) for name in more} | set(_roots())
    roots = [root for root in given if root.is_dir() and os.access(root, os.W_OK)]
    return {"files": _lying(roots) | _held_open(roots), "roots": sorted(map(str, roots))}


def _lying(roots: list[Path]) -> dict[str, int]:
    return {str(path): path.stat().st_size for root in roots for path in _walk(root) if _LOG.search(str(path))}


def _roots() -> Iterator[Path]:
    """Where scratch files go, where the program runs, and where the files are that its environment names."""
    yield from (Path(tempfile.gettempdir()), Path.cwd())
    for value in os.environ.values():
        if named := _STATE.match(value):
            yield Path(named[1]).resolve().parent


def _walk(root: Path) -> Iterator[Path]:
    count = 0
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in _NOT_LOGS]
        count += len(names)
        if count > _MOST:
            return
        paths = (Path(folder, name) for name in names)
        yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _held_open(roots: list[Path]) -> dict[str, int]:
    """Logs that a process here has open; those of processes that are not ours to look at stay unseen."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        for path in _open_files(process):
            if any(_below(path, root) for root in roots) and _LOG.search(str(path)) and path.is_file():
                found[str(path)] = path.stat().st_size
    return found


def _below(path: Path, root: Path) -> bool:
    return root in path.parents and not _NOT_LOGS.intersection(path.relative_to(root).parts)


def _open_files(process: Path) -> Iterator[Path]:
    try:
        numbers = list((process / "fd").iterdir())
    except OSError:
        return  # ended meanwhile, or another user's
    for number in numbers:
        with suppress(OSError):  # closed meanwhile, as the one that listed the folder is
            yield number.readlink()
