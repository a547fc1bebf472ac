"""A file taken away for a while, with a journal, so that it comes back whatever happens to us."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from stackproof.errors import UserError
from stackproof.run.process import proc
from stackproof.run.process.folder import Folder, replace

# A database's log and index belong to exactly this database: what is made in its absence must not meet it again.
_COMPANIONS = ("", "-wal", "-shm", "-journal")
_SUFFIX = ".stackproof-away"


@dataclass(frozen=True, slots=True)
class Taken:
    """The journal: which files went, and who took them."""

    paths: tuple[str, ...]
    by: proc.Identity


@contextmanager
def taken(file: Path, folder: Folder) -> Iterator[None]:
    """Rename the file and what belongs to it; rename back at the end. Raises UserError where there is none."""
    if not file.is_file():
        raise UserError(f"{file} is not there", fix="Check that the service that makes it is up.")
    paths = tuple(f"{file}{suffix}" for suffix in _COMPANIONS)
    existing = tuple(path for path in paths if Path(path).exists())
    replace(folder.away, msgspec.json.encode(Taken(existing, proc.ourselves())))
    try:
        for path in existing:
            Path(path).rename(path + _SUFFIX)
        yield
    finally:
        _put_back(file, existing, folder)


def heal(folder: Folder) -> tuple[str, ...]:
    """Put back what a dead stackproof took; the files."""
    try:
        found = msgspec.json.decode(folder.away.read_bytes(), type=Taken)
    except FileNotFoundError:
        return ()
    if proc.alive(found.by):
        return ()
    file = Path(found.paths[0])
    _put_back(file, found.paths, folder)
    return found.paths


def _put_back(file: Path, paths: tuple[str, ...], folder: Folder) -> None:
    came_back = [path for path in paths if Path(path + _SUFFIX).exists()]
    if came_back:
        for suffix in _COMPANIONS[1:]:
            if f"{file}{suffix}" not in paths:
                Path(f"{file}{suffix}").unlink(missing_ok=True)
    for path in came_back:
        Path(path + _SUFFIX).replace(path)
    folder.away.unlink(missing_ok=True)
