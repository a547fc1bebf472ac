"""The application's folder where its build makes something of it: the image's /app, as a folder of ours.

The project's own folder stays as it is. Sources are copied, or linked in dev, where a server starts anew when they
change; what the commands make is made beside them, once for the same inputs.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from stackproof.errors import BuildFailed
from stackproof.model.running import Note, Progress
from stackproof.model.stack import Build
from stackproof.run.process.folder import alone, replace
from stackproof.tools import command

_COMPLETE = ".stackproof.json"  # written last: a folder without it is half made, and is made again
_LONGEST = 1800.0  # seconds for one command
_RECIPE = 1  # raise it when the way it is made changes
_NOT_SOURCE = ("__pycache__", ".git", "node_modules")
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


def app(build: Build, root: Path, venv: Path, cache: Path, note: Note) -> Path:
    """The project's folder, where the build makes nothing. Raises BuildFailed for a command that fails."""
    if not build.prepare:
        return root
    folder = cache / f"app-{_key(build, root, venv)}"
    with alone(cache / f"{folder.name}.lock"):
        if not (folder / _COMPLETE).exists():
            _make(build, root, venv, folder, note)
    return folder


def _key(build: Build, root: Path, venv: Path) -> str:
    said = msgspec.json.encode([_RECIPE, str(root), str(venv), build.prepare, build.prepared, build.target, build.copy])
    digest = hashlib.sha256(said)
    for path in _sources(build, root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _sources(build: Build, root: Path) -> Iterator[Path]:
    for name in build.copy:
        place = root / name
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (each for each in inside if each.is_file() and not {*each.relative_to(root).parts} & {*_NOT_SOURCE})


def _make(build: Build, root: Path, venv: Path, folder: Path, note: Note) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        for name in build.copy:
            _put(root / name, folder / name, linked=build.target == "dev")
        for argv in build.prepare:
            _run(argv, build, venv, folder, note)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    replace(folder / _COMPLETE, b"{}")


def _put(source: Path, target: Path, *, linked: bool) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if linked:
        target.symlink_to(source)
    elif source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns(*_NOT_SOURCE), dirs_exist_ok=True)
    else:
        shutil.copy2(source, target)


def _run(argv: tuple[str, ...], build: Build, venv: Path, folder: Path, note: Note) -> None:
    said = " ".join(argv)
    note(Progress("build", "application", said, "begun"))
    environment = {
        "PATH": f"{venv / 'bin'}:{_SYSTEM_PATH}",
        "PYTHONPATH": os.pathsep.join(str(folder / part) for part in build.import_roots),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }
    program = shutil.which(argv[0], path=environment["PATH"]) or argv[0]
    done = command.run((program, *argv[1:]), timeout=_LONGEST, cwd=folder, env=environment)
    if done.exit_code != 0:
        ended = "took too long" if done.exit_code is None else f"exit code {done.exit_code}"
        last = "\n".join((done.output + done.errors).strip().splitlines()[-15:])
        raise BuildFailed(
            f"what the build prepares could not be made: {said} ({ended})\n{last}",
            fix="Mend what its last lines say, or `prepare` in stackproof.toml.",
        )
    note(Progress("build", "application", said, "done"))
