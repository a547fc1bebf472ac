"""The commands that put a project's locked dependencies into an environment; uv runs every one of them."""

from dataclasses import dataclass
from pathlib import Path

from stackproof.model import exports
from stackproof.model.stack import Install

EXPORT_PLUGIN = "poetry-plugin-export>=1.9,<2"  # the first with dependency groups of the standard

EXPORTED, CONSTRAINTS = "exported.txt", "stackproof-constraints.txt"  # in the folder of the copies


@dataclass(frozen=True, slots=True)
class Paths:
    """`inputs` is a folder of ours with copies of the files that installing reads; the user's are never touched."""

    uv: str
    python: str
    venv: Path
    inputs: Path


def commands(install: Install, paths: Paths, hashed: bool) -> tuple[tuple[str, ...], ...]:
    """In order, to be run in `paths.inputs`. `hashed`: the requirements carry hashes, which are then demanded."""
    create = (paths.uv, "venv", "--clear", "--no-project", "--python", paths.python, str(paths.venv))
    tool = _uv if install.tool == "uv" else _exported if install.lock and install.tool in exports.TOOLS else _pip
    extra = (_into(paths, *install.extra),) if install.extra else ()
    return (create, *tool(install, paths, hashed), *extra)


def _exported(install: Install, paths: Paths, hashed: bool) -> tuple[tuple[str, ...], ...]:  # noqa: ARG001
    """By the tool that wrote the lock, as a requirements file."""
    version = f"=={install.tool_version}" if install.tool_version else ""
    plugin = ("--with", EXPORT_PLUGIN) if install.tool == "poetry" else ()
    folder = paths.inputs / Path(install.manifest).parent
    output = str(paths.inputs / EXPORTED)
    tool = (paths.uv, "tool", "run", "--directory", str(folder), "--from", f"{install.tool}{version}", *plugin)
    demanded = () if install.vcs else ("--require-hashes",)
    return (*tool, install.tool, *exports.words(install, output)), _into(paths, *demanded, "--no-deps", "-r", output)


def _uv(install: Install, paths: Paths, hashed: bool) -> tuple[tuple[str, ...], ...]:  # noqa: ARG001
    """Without a lock uv makes one."""
    groups = [part for group in install.left_out_groups for part in ("--no-group", group)]
    groups += [part for group in install.groups if install.left_out_groups for part in ("--group", group)]
    extras = [part for extra in install.extras for part in ("--extra", extra)]
    folder = Path(install.manifest).parent
    return (
        (
            paths.uv, "sync", *(("--locked",) if install.lock else ()), "--no-install-project",
            "--no-install-workspace",
            *(("--no-install-local",) if install.local else ()), "--compile-bytecode",
            *(("--project", str(folder)) if folder != Path() else ()), "--python", paths.python, *groups, *extras,
        ),
    )  # fmt: skip


def _pip(install: Install, paths: Paths, hashed: bool) -> tuple[tuple[str, ...], ...]:
    named = () if install.listed else (install.lock or install.manifest,)
    files = dict.fromkeys((*(install.files or named), *(path for path in install.local if path)))
    constraints = ("-c", CONSTRAINTS) if install.constraints else ()
    given = [part for path in files for part in ("-r", path)]
    return (_into(paths, *(("--require-hashes",) if hashed else ()), *given, *constraints, *install.listed),)


def _into(paths: Paths, *what: str) -> tuple[str, ...]:
    return (paths.uv, "pip", "install", "--compile-bytecode", "--python", str(paths.venv / "bin/python"), *what)
