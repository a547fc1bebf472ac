"""Folders on disk: a project read into a SourceTree, and copied out again."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from stackproof.errors import UserError
from stackproof.model.source import SourceTree
from stackproof.model.work import Completed
from stackproof.tools import command

_SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".stackproof", ".engine", ".tox", ".nox"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".idea", ".vscode", "proof", ".next"}
)
_READ = frozenset(
    {".py", ".toml", ".lock", ".txt", ".in", ".cfg", ".ini", ".json", ".yaml", ".yml", ".md", ".env", ".example", ".sh"}
    | {".conf", ".template", ".dockerfile", ".Dockerfile", ".containerfile"}
    | {".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue", ".svelte"}
)
_READ_NAMES = frozenset(
    {
        "Dockerfile",
        "Procfile",
        "Makefile",
        "justfile",
        "Pipfile",
        ".python-version",
        ".npmrc",
        ".nvmrc",
        ".node-version",
        ".dockerignore",
        "Containerfile",
    }
)
_READ_BEGINNINGS = (".env", "env.", "Dockerfile.", "Containerfile.")
_LARGEST = 1 << 20  # bytes; what is larger is data
_LARGEST_LOCK = 16 << 20
_LOCKS = (".lock", "requirements.txt", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml")
_LONGEST_SHOWN = 200  # characters of a path in a message
# To leave one of these aside because of its size would be to plan another project.
_DECIDES = re.compile(r"(pyproject|stackproof)\.toml|(poetry|uv)\.lock|requirements[\w.-]*\.(txt|in)")
_SECRETS = "deploy/secrets/"  # never read, so never in a plan, a build's context or a proof
_SETTINGS = "stackproof.toml"  # what the user wrote for us counts before it is committed, too
_GIT_FIX = "Run `git status` in the project and follow what it says."


def read(root: Path, *, uncommitted: bool = False) -> SourceTree:
    """The project's files: those that git tracks if it is a checkout, else all but tools' folders.

    With `uncommitted` also those that git does not track yet, and does not ignore.

    Raises UserError for a folder that is not there, for what in it cannot be read, for a name that is not UTF-8, and
    for a symbolic link that leads out of it or nowhere.
    """
    if not root.is_dir():
        problem = "is a file, not a folder" if root.exists() else "no such folder"
        raise UserError(f"{root}: {problem}", fix="Give the folder of a Python project: stackproof plan FOLDER")
    tracked = _tracked(root, uncommitted=uncommitted)
    paths = _walk(root) if tracked is None else {*tracked, *([_SETTINGS] if (root / _SETTINGS).is_file() else [])}
    files: dict[str, bytes] = {}
    others: set[str] = set()
    for path in paths:
        _refuse_name(path)
        if path.startswith(_SECRETS):
            continue
        if (data := _contents(root, path)) is None:
            others.add(path)
        else:
            files[path] = data
    in_git = "git: files that it does not ignore" if uncommitted else "git: tracked files"
    origin = "folder: not a git checkout" if tracked is None else in_git
    origin = origin if files or others else "folder: empty"
    return SourceTree(files, frozenset(others), name=_shown(root.resolve().name), origin=origin)


def commit(root: Path) -> str | None:
    """The checked-out commit, with a word where tracked files differ from it; None outside a checkout."""
    if _tracked(root) is None:
        return None
    head = _git(root, "rev-parse", "--short=12", "HEAD")
    if head.exit_code != 0:
        return None
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", ".").output.strip()
    return head.output.strip() + (f" with {len(changed.splitlines())} changed files" if changed else "")


def copy(tree: SourceTree, root: Path, to: Path) -> None:
    """Write the tree's files into the folder `to`; the ones that were not read are copied from `root`."""
    for path in tree.paths:
        target = to / path
        target.parent.mkdir(parents=True, exist_ok=True)
        source = root / path
        if path in tree.files:
            target.write_bytes(tree.files[path])
        elif source.is_file():
            shutil.copyfile(source, target)
        if source.is_file():
            shutil.copymode(source, target)


def _tracked(root: Path, *, uncommitted: bool = False) -> list[str] | None:
    """None where this is no git checkout, or one that tracks nothing here."""
    if not any((folder / ".git").exists() for folder in (root.resolve(), *root.resolve().parents)):
        return None
    others = ("--others", "--exclude-standard") if uncommitted else ()
    listed = command.must(
        _git(root, "ls-files", "-z", "--cached", *others, "."), "Listing the project's files", _GIT_FIX
    )
    return [path for path in listed.output.split("\0") if path and _is_there(root, path)] or None


def _git(root: Path, *words: str) -> Completed:
    git = command.find("git", fix="Install git, or copy the project to a folder that is not a git checkout.")
    return command.run((git, "-C", str(root), *words), timeout=30)


def _is_there(root: Path, path: str) -> bool:
    """A name that is not UTF-8 was changed when git's answer was read: it counts, for it must be refused."""
    full = root / path
    return full.is_symlink() or full.is_file() or "\N{REPLACEMENT CHARACTER}" in path


def _walk(root: Path) -> Iterator[str]:
    def refuse(problem: OSError) -> None:
        raise _unreadable(os.path.relpath(problem.filename, root), problem) from problem

    for folder, names, files in os.walk(root, onerror=refuse):
        names[:] = sorted(name for name in names if name not in _SKIPPED and not name.endswith(".egg-info"))
        here = Path(folder).relative_to(root)
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]  # noqa: PTH114, PTH118  an error is no link
        yield from ((here / name).as_posix() for name in sorted([*files, *links]))


def _contents(root: Path, path: str) -> bytes | None:
    """The bytes of a file worth reading; None for the others. Sockets, pipes and devices are others."""
    full = root / path
    try:
        return _read(root, full, path)
    except OSError as problem:
        raise _unreadable(path, problem) from problem


def _read(root: Path, full: Path, path: str) -> bytes | None:
    if full.is_symlink():
        _refuse_stray(root, full, path)
    if not full.is_file() or not _worth_reading(path):
        return None
    most = _LARGEST_LOCK if path.endswith(_LOCKS) else _LARGEST
    if full.stat().st_size <= most:
        return full.read_bytes()
    if _DECIDES.fullmatch(full.name):
        raise UserError(
            f"{path} is larger than {most >> 20} MiB: not read", fix="Look what got into it; no tool writes such a one."
        )
    return None


def _unreadable(path: str, problem: OSError) -> UserError:
    shown = path if len(path) < _LONGEST_SHOWN else f"{path[:_LONGEST_SHOWN]}…"
    return UserError(
        f"{shown}: cannot be read: {problem.strerror}",
        fix="Make it readable, or put the project under git: then only files that git tracks are read.",
    )


def _refuse_name(path: str) -> None:
    if (shown := _shown(path)) != path or "\N{REPLACEMENT CHARACTER}" in path:
        raise UserError(f"{shown}: a name that is not UTF-8", fix="Rename it; a Dockerfile cannot name it.")


def _shown(name: str) -> str:
    """The name as text, whatever bytes it has."""
    return os.fsencode(name).decode("utf-8", "replace")


def _worth_reading(path: str) -> bool:
    name = PurePosixPath(path)
    return name.suffix in _READ or name.name in _READ_NAMES or name.name.startswith(_READ_BEGINNINGS)


def _refuse_stray(root: Path, link: Path, path: str) -> None:
    fix = "Replace the link by what it points to, or remove it: no clone and no build context can follow it."
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        raise UserError(f"{path}: a symbolic link that leads in a loop or nowhere", fix=fix) from None
    if not target.is_relative_to(root.resolve()):
        raise UserError(f"{path}: a symbolic link out of the project, to {target}", fix=fix)
