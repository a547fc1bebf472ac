"""Files replaced as a whole: written beside their place, flushed, then renamed over it."""

import contextlib
import fcntl
import itertools
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stackproof.errors import ToolFailed, UserError
from stackproof.model.artifacts import Artifact

_NOT_YET = ".stackproof-tmp"
_WAY_OUT = "Make room, or allow writing there, and try again. Every file is whole, as it was or as it should be."


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """One writer at a time; the kernel lets go of the lock when its holder is killed."""
    try:
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as problem:
        raise UserError(
            f"{root} is no folder that can be read: {problem.strerror}", fix="Name the project's folder."
        ) from problem
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as problem:
        raise UserError(f"Another stackproof is writing into {root}.", fix="Wait until it has ended.") from problem
    finally:
        os.close(folder)


def inside(root: Path, paths: Iterable[str]) -> None:
    """Raises UserError for a path that is a symbolic link, or that a link leads out of the project."""
    home = os.path.realpath(root)
    for path in paths:
        target = root / path
        if target.is_symlink():
            raise UserError(f"{path} is a symbolic link", fix="Remove the link; stackproof writes a file there.")
        if not Path(os.path.realpath(target.parent)).is_relative_to(home):
            raise UserError(f"{path} would be written outside of the project, through a link", fix="Remove the link.")
        if target.is_dir():
            raise UserError(f"{path} is a folder", fix="Move it away; stackproof writes a file there.")


def tidy(root: Path, paths: Iterable[str]) -> None:
    """Remove what a killed run left half-written."""
    for path in paths:
        if os.path.lexists(beside(root / path)):
            beside(root / path).unlink()


def replace(root: Path, artifacts: list[Artifact]) -> None:
    """All are on disk before the first takes its place. Raises ToolFailed where one cannot: nothing is changed then.

    The last is put down first: the lock tells the next run what a killed one left.
    """
    ready: list[Path] = []
    try:
        for artifact in reversed(artifacts):
            ready.append(beside(root / artifact.path))
            _put(ready[-1], artifact)
        for artifact in artifacts:
            new = beside(root / artifact.path)
            new.replace(root / artifact.path)
            _flush(new.parent)
    except OSError as problem:
        path = artifact.path
        raise ToolFailed(f"{path} could not be written: {problem.strerror}", fix=_WAY_OUT) from problem
    finally:
        for new in ready:
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                new.unlink()


def remove(root: Path, paths: Iterable[str]) -> None:
    for path in paths:
        (root / path).unlink()


def keep_copy(root: Path, path: str) -> str:
    """The file under a new name that nothing has yet: Dockerfile.orig, Dockerfile.orig1, ..."""
    names = (f"{path}.orig{number or ''}" for number in itertools.count())
    name = next(name for name in names if not os.path.lexists(root / name))
    try:
        os.link(root / path, root / name)  # the file itself, which `replace` only takes the first name from
    except OSError as problem:
        raise ToolFailed(f"{name} could not be written: {problem.strerror}", fix=_WAY_OUT) from problem
    return name


def beside(path: Path) -> Path:
    """Always the same name, so that the next run finds what a killed one left."""
    return path.with_name(f".{path.name}{_NOT_YET}")


def _put(path: Path, artifact: Artifact) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, artifact.mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(artifact.text.encode())
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
