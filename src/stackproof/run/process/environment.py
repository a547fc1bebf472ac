"""The project's Python environment, made by uv from its lock; made once, used by every start with the same inputs."""

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from stackproof.errors import BuildFailed, ToolFailed, UserError
from stackproof.model.exports import without_local
from stackproof.model.running import Completed, Note, Progress
from stackproof.model.stack import Build
from stackproof.run.process.folder import alone, replace
from stackproof.run.process.install import CONSTRAINTS, EXPORT_PLUGIN, EXPORTED, Paths, commands
from stackproof.tools import command, net

_COMPLETE = ".stackproof.json"  # written last: an environment without it is half made, and is made again
_LONGEST = 900.0  # seconds for one command
_RECIPE = 2  # raise it when the commands change


@dataclass(frozen=True, slots=True)
class Interpreter:
    path: str
    version: str


def prepared(build: Build, root: Path, cache: Path, note: Note) -> tuple[Path, Interpreter]:
    """The environment's folder and its Python. Raises BuildFailed, ToolFailed, or UserError where no Python fits."""
    inputs = _inputs(build, root)
    venv = cache / f"venv-{_key(build, inputs, cache)}"
    with alone(cache / f"{venv.name}.lock"):
        if found := _complete(venv):
            return venv, found
        note(
            Progress("build", "environment", f"installing from {build.install.lock or build.install.manifest}", "begun")
        )
        python = _interpreter(build)
        _make(build, inputs, venv, python)
        replace(venv / _COMPLETE, msgspec.json.encode(python))
        note(Progress("build", "environment", f"Python {python.version}", "done"))
        return venv, python


def uv() -> str:
    """Path of the uv that we were installed with. Raises ToolFailed."""
    from uv import find_uv_bin

    try:
        return find_uv_bin()
    except FileNotFoundError as problem:
        raise ToolFailed("uv's program is not there", fix="Install stackproof again: it brings uv along.") from problem


def _inputs(build: Build, root: Path) -> Mapping[str, bytes]:
    install = build.install
    names = dict.fromkeys((*install.inputs, install.manifest, *((install.lock,) if install.lock else ())))
    try:
        return {name: (root / name).read_bytes() for name in names}
    except OSError as problem:
        fix = "Put the file back, or plan again."
        raise UserError(f"{problem.filename} cannot be read: {problem.strerror}", fix=fix) from problem


def _key(build: Build, inputs: Mapping[str, bytes], cache: Path) -> str:
    """Of all that the environment is made from. Its place too: its programs name their interpreter by the full path."""
    said = msgspec.json.encode(
        [_RECIPE, EXPORT_PLUGIN, build.python, build.requires_python, build.install, str(cache.resolve())]
    )
    parts = [said, *(part for name, data in sorted(inputs.items()) for part in (name.encode(), data))]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:16]


def _complete(venv: Path) -> Interpreter | None:
    """None too where the Python that it was made with has gone."""
    try:
        found = msgspec.json.decode((venv / _COMPLETE).read_bytes(), type=Interpreter)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return found if (venv / "bin/python").exists() else None


def _interpreter(build: Build) -> Interpreter:
    """One on this machine: the image's version if there is one, else any that the project allows."""
    for wanted in (build.python, build.requires_python or ">=3.9"):
        found = _uv(("python", "find", "--no-project", "--system", wanted), Path.cwd())
        if found.exit_code == 0:
            path = found.output.strip()
            return Interpreter(path, command.run((path, "-V"), timeout=20.0).output.removeprefix("Python ").strip())
    fits = build.requires_python or build.python
    fix = f"Install Python {build.python}, for example by `uv python install {build.python}`."
    raise UserError(f"no Python on this machine fits the project ({fits})", fix=fix)


def _make(build: Build, inputs: Mapping[str, bytes], venv: Path, python: Interpreter) -> None:
    shutil.rmtree(venv, ignore_errors=True)
    folder = venv.with_name(f"{venv.name}-inputs")
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in inputs.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    paths = Paths(uv(), python.path, venv, folder)
    hashed = any(b"--hash=" in data for data in inputs.values())
    _prepare(build, folder)
    try:
        for argv in commands(build.install, paths, hashed):
            done = _uv(argv[1:], folder, venv)
            _must(done, build)
            _exported(build, folder, done)
    except BaseException:
        shutil.rmtree(venv, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(build: Build, folder: Path) -> None:
    """Constraints, and requirements files without the lines that ask for folders, which are found and not installed."""
    if build.install.constraints:
        (folder / CONSTRAINTS).write_text("\n".join(build.install.constraints) + "\n", encoding="utf-8")
    for path in (folder / name for name in build.install.inputs if build.install.local):
        if path.suffix in (".txt", ".in"):
            path.write_text(without_local(path.read_text(encoding="utf-8")), encoding="utf-8")


def _exported(build: Build, folder: Path, done: Completed) -> None:
    """What a tool wrote of its lock: Pipenv to its output, the others into a file, with folders that are asked for."""
    if done.argv[1:3] != ("tool", "run"):
        return
    file = folder / EXPORTED
    text = done.output if build.install.tool == "pipenv" else file.read_text(encoding="utf-8")
    file.write_text(without_local(text) if build.install.local else text, encoding="utf-8")


def _must(done: Completed, build: Build) -> None:
    if done.exit_code == 0:
        return
    ended = "took too long" if done.exit_code is None else f"exit code {done.exit_code}"
    said = "\n".join(done.errors.strip().splitlines()[-15:])
    if net.unreached(said):
        raise ToolFailed(f"the dependencies could not be fetched ({ended})\n{said}", fix=net.NETWORK_FIX)
    raise BuildFailed(
        f"the dependencies could not be installed: {' '.join(done.argv[1:4])} ({ended})\n{said}",
        fix=f"Check {build.install.lock or build.install.manifest} with {build.install.tool}, then try again.",
    )


def _uv(arguments: tuple[str, ...], cwd: Path, venv: Path | None = None) -> Completed:
    """Run uv with the user's network and cache settings, but nothing that points it at another environment."""
    left_out = (
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "PYTHONHOME",
        "UV_PYTHON",
        "UV_PROJECT",
        "UV_WORKING_DIRECTORY",
        "UV_SYSTEM_PYTHON",
    )
    ours = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}
    private = {}
    if venv:
        private = {
            "UV_PROJECT_ENVIRONMENT": str(venv),
            "PDM_CHECK_UPDATE": "0",
            "PDM_IGNORE_SAVED_PYTHON": "1",
            "POETRY_CACHE_DIR": str(cwd / ".poetry"),
            "POETRY_CONFIG_DIR": str(cwd / ".poetry"),
        }
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return command.run((uv(), *arguments), timeout=_LONGEST, cwd=cwd, env=kept | ours | private)
