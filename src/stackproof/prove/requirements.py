"""The lock of any installer as a requirements file, which pip and uv pip read."""

from pathlib import Path

from stackproof.errors import ToolFailed
from stackproof.model import exports
from stackproof.model.running import Bench, Completed
from stackproof.model.stack import Install
from stackproof.tools import command

FIX = "Run the command by hand, in a copy of the project, and follow what it says."
_EXPORTED = "stackproof-requirements.txt"
_POETRY = "2.2.1"  # where the lock does not say which Poetry made it


def uv() -> str:
    """Path of uv's program, which comes with stackproof."""
    from uv import find_uv_bin

    try:
        return str(find_uv_bin())
    except FileNotFoundError:
        raise ToolFailed("uv is not installed beside stackproof", fix="Install stackproof again.") from None


def poetry(bench: Bench, folder: Path) -> tuple[str, ...]:
    """Command line of the Poetry that wrote the lock. Raises ToolFailed where it cannot be had or does not start."""
    version = bench.stack.build.install.tool_version or _POETRY
    argv = ("uv", "tool", "run", "-q", "--from", f"poetry=={version}", "--with", "poetry-plugin-export", "poetry")
    command.must(bench.tool((*argv, "--version"), folder, timeout=300.0), f"Getting Poetry {version}", FIX)
    return argv


def file(install: Install) -> str:
    """Path of the requirements file that `export` leaves in a copy of the project."""
    return _EXPORTED if install.tool != "pip" and install.lock else install.lock or install.manifest


def export(bench: Bench, folder: Path) -> Completed:
    """Write the main dependencies, pinned, into that file; where it is there already, nothing is done."""
    tool = bench.stack.build.install.tool
    if file(bench.stack.build.install) != _EXPORTED:
        return Completed((), 0, 0.0, "")
    if tool in ("pdm", "pipenv"):
        return _written(bench, folder)
    if tool == "poetry":
        argv = (*poetry(bench, folder), "export", "--format", "requirements.txt", "--output", _EXPORTED)
        return bench.tool(argv, folder, timeout=300.0)
    argv = ("uv", "export", "-q", "--locked", "--no-dev", "--no-emit-project", "--output-file", _EXPORTED)
    return bench.tool(argv, folder, timeout=300.0)


def exporter(bench: Bench) -> tuple[str, ...]:
    """Command line of PDM or Pipenv, in the release that the image is built with."""
    install = bench.stack.build.install
    return ("uv", "tool", "run", "-q", "--from", f"{install.tool}=={install.tool_version}", install.tool)


def _written(bench: Bench, folder: Path) -> Completed:
    """Pipenv writes to its output, and runs where its file lies."""
    install = bench.stack.build.install
    output = folder / _EXPORTED
    argv = (*exporter(bench), *exports.words(install, str(output)))
    done = bench.tool(argv, folder / Path(install.manifest).parent, timeout=300.0)
    if install.tool == "pipenv" and done.exit_code == 0:
        output.write_text(done.output, encoding="utf-8")
    return done
