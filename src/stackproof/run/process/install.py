"""The commands that put a project's locked dependencies into an environment; uv runs every one of them."""

from dataclasses import dataclass
from pathlib import Path

from stackproof.model.stack import Install

EXPORT_PLUGIN = "poetry-plugin-export>=1.9,<2"  # the first with dependency groups of the standard


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
    tool = {"poetry": _poetry, "uv": _uv, "pip": _pip}[install.tool]
    extra = (_into(paths, *install.extra),) if install.extra else ()
    return (create, *tool(install, paths, hashed), *extra)


def _poetry(install: Install, paths: Paths, hashed: bool) -> tuple[tuple[str, ...], ...]:  # noqa: ARG001
    version = f"=={install.tool_version}" if install.tool_version else ""
    groups = ("--without", ",".join(install.left_out_groups)) if install.left_out_groups else ("--all-groups",)
    export = (
        paths.uv, "tool", "run", "--from", f"poetry{version}", "--with", EXPORT_PLUGIN,
        "poetry", "export", "--no-interaction", "--format", "requirements.txt", "--output", "exported.txt", *groups,
    )  # fmt: skip
    return export, _into(paths, "--require-hashes", "--no-deps", "-r", "exported.txt")


def _uv(install: Install, paths: Paths, hashed: bool) -> tuple[tuple[str, ...], ...]:  # noqa: ARG001
    groups = [part for group in install.left_out_groups for part in ("--no-group", group)]
    return (
        (
            paths.uv, "sync", "--locked", "--no-install-project", "--no-install-workspace", "--compile-bytecode",
            "--python", paths.python, *groups,
        ),
    )  # fmt: skip


def _pip(install: Install, paths: Paths, hashed: bool) -> tuple[tuple[str, ...], ...]:
    file = install.lock or install.manifest
    return (_into(paths, *(("--require-hashes",) if hashed else ()), "-r", file),)


def _into(paths: Paths, *what: str) -> tuple[str, ...]:
    return (paths.uv, "pip", "install", "--compile-bytecode", "--python", str(paths.venv / "bin/python"), *what)
