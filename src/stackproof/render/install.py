"""The RUN that puts the locked dependencies into /app/.venv, for each tool that writes locks."""

import shlex
from pathlib import PurePosixPath

from stackproof.model import exports
from stackproof.model.stack import Build, Install

VENV = "/app/.venv"
_EXPORT_PLUGIN = "poetry-plugin-export==1.10.1"
_GIVEN = "/tmp/given"  # noqa: S108  where files lie that are installed from without their local folders
_CONSTRAINTS = "/tmp/constraints.txt"  # noqa: S108
_DROPPED = shlex.quote(f"\\,{exports.LOCAL},d")
_EXPORTED = "/tmp/requirements.txt"  # noqa: S108  in a builder that is thrown away


def run(build: Build) -> list[str]:
    """Lines of one RUN. The bundle of a corporate CA comes as a secret: no layer ever holds it."""
    steps = [
        "if [ -s /run/secrets/ca ]; then export SSL_CERT_FILE=/run/secrets/ca; fi",
        *_steps(build.install),
        *_extra(build.install),
        f"rm -f {VENV}/.lock",  # uv's own, which everybody may write to
    ]
    mounts = [
        "--mount=type=secret,id=ca",
        "--mount=type=cache,target=/root/.cache/uv,sharing=locked",
        *(f"--mount=type=bind,source={path},target={_target(build.install, path)}" for path in build.install.inputs),
    ]
    words = [*mounts, f"set -eu; {steps[0]}", *steps[1:]]
    return _continued(mounts, words[len(mounts) :])


def _steps(install: Install) -> list[str]:
    folder = PurePosixPath(install.manifest).parent
    if install.tool == "uv":
        return [_sync(install, folder)]
    fresh = f"uv venv --allow-existing {VENV}"
    if install.tool in exports.TOOLS and install.lock:
        return [fresh, *_exported(install, folder)]
    return [fresh, *_filtered(install), *_constrained(install), _installed(install)]


def _sync(install: Install, folder: PurePosixPath) -> str:
    """Without a lock uv makes one; workspace members and other folders are found, not installed."""
    locked = "--locked --no-install-project" if install.lock else "--no-install-project"
    local = "--no-install-workspace --no-install-local" if install.local else ""
    groups = "--no-default-groups" if install.left_out_groups else "--all-groups"
    kept = [f"--group {group}" for group in install.groups if install.left_out_groups]
    extras = [f"--extra {extra}" for extra in install.extras]
    words = ("uv sync", locked, local, *_there("--project", folder), groups, *kept, *extras)
    return _words(*(word for word in words if word))


def _exported(install: Install, folder: PurePosixPath) -> list[str]:
    """The lock as hashed requirements. What comes from a repository has no hash, so then none can be demanded."""
    hashes = [] if install.vcs else ["--require-hashes"]
    dropped = [f"sed -E -i {_DROPPED} {_EXPORTED}"] if install.local else []
    return [_export(install, folder), *dropped, _words("uv pip install", *hashes, f"-r {_EXPORTED}")]


def _export(install: Install, folder: PurePosixPath) -> str:
    """By the Poetry that wrote the lock; PDM is told its project behind its command, Pipenv by where it runs."""
    first, *words = exports.words(install, _EXPORTED)
    tool = f"{install.tool}@{install.tool_version}"
    if install.tool == "poetry":
        there = _there("--directory", folder)
        return _words(f"UV_COMPILE_BYTECODE=0 uvx --with {_EXPORT_PLUGIN} {tool}", *there, first, *words)
    if install.tool == "pdm":
        return _words(
            f"UV_COMPILE_BYTECODE=0 PDM_CHECK_UPDATE=0 uvx {tool}", first, *_there("--project", folder), *words
        )
    return _words(*_there("cd", folder, " &&"), f"UV_COMPILE_BYTECODE=0 uvx {tool}", first, *words, f"> {_EXPORTED}")


def _filtered(install: Install) -> list[str]:
    """Requirements files without lines that ask for folders, at the places where the originals belong."""
    texts = _texts(install) if install.local else []
    return [f"mkdir -p {path.parent}; sed -E {_DROPPED} {_GIVEN}/{path} > {path}" for path in texts]


def _texts(install: Install) -> list[PurePosixPath]:
    return [PurePosixPath(path) for path in install.inputs if path.endswith((".txt", ".in"))]


def _target(install: Install, path: str) -> str:
    moved = install.local and install.tool == "pip" and path.endswith((".txt", ".in"))
    return f"{_GIVEN}/{path}" if moved else path


def _constrained(install: Install) -> list[str]:
    lines = " ".join(shlex.quote(each) for each in install.constraints)
    return [f"printf '%s\\n' {lines} > {_CONSTRAINTS}"] if install.constraints else []


def _installed(install: Install) -> str:
    files = dict.fromkeys((*install.files, *(path for path in install.local if path)))
    kept = [f"-c {_CONSTRAINTS}"] if install.constraints else []
    listed = [shlex.quote(each) for each in install.listed]
    return _words("uv pip install", *(f"-r {path}" for path in files), *kept, *listed)


def _there(option: str, folder: PurePosixPath, after: str = "") -> list[str]:
    """For a manifest that does not lie at the top."""
    return [] if folder == PurePosixPath(".") else [f"{option} {folder}{after}"]


def _extra(install: Install) -> list[str]:
    quoted = [shlex.quote(each) for each in install.extra]
    return [_words("uv pip install", *quoted)] if quoted else []


def _words(*words: str) -> str:
    return " ".join(words)


def _continued(mounts: list[str], steps: list[str]) -> list[str]:
    first = [f"RUN {mounts[0]} \\", *(f"    {mount} \\" for mount in mounts[1:])]
    rest = [f"    {step}; \\" for step in steps[:-1]]
    return [*first, *rest, f"    {steps[-1]}"]
