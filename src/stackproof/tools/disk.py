"""Folders on disk: a project read into a SourceTree, and copied out again."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from stackproof.errors import UserError
from stackproof.model.source import SourceTree
from stackproof.model.work import Completed
from stackproof.tools import command

_SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".stackproof", ".engine", ".tox", ".nox"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".idea", ".vscode", "proof"}
)
_READ = frozenset(
    {".py", ".toml", ".lock", ".txt", ".in", ".cfg", ".ini", ".json", ".yaml", ".yml", ".md", ".env", ".example", ".sh"}
)
_READ_NAMES = frozenset({"Dockerfile", "Procfile", "Makefile", "justfile", "Pipfile", ".python-version"})
_LARGEST = 1 << 20  # bytes; what is larger is data
_LARGEST_LOCK = 16 << 20
_SETTINGS = "stackproof.toml"  # what the user wrote for us counts before it is committed, too
_GIT_FIX = "Run `git status` in the project and follow what it says."


def read(root: Path) -> SourceTree:
    """The project's files: those that git tracks if it is a checkout, else all but tools' folders.

    Raises UserError for a folder that is not there, and for a symbolic link that leads out of it or nowhere.
    """
    if not root.is_dir():
        raise UserError(f"{root}: no such folder", fix="Give the folder of a Python project: stackproof plan FOLDER")
    tracked = _tracked(root)
    paths = _walk(root) if tracked is None else {*tracked, *([_SETTINGS] if (root / _SETTINGS).is_file() else [])}
    files: dict[str, bytes] = {}
    others: set[str] = set()
    for path in paths:
        if (data := _contents(root, path)) is None:
            others.add(path)
        else:
            files[path] = data
    origin = "folder: not a git checkout" if tracked is None else "git: tracked files"
    return SourceTree(files, frozenset(others), name=root.resolve().name, origin=origin)


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


def _tracked(root: Path) -> list[str] | None:
    """None where this is no git checkout, or one that tracks nothing here."""
    if not any((folder / ".git").exists() for folder in (root.resolve(), *root.resolve().parents)):
        return None
    listed = command.must(_git(root, "ls-files", "-z", "--cached", "."), "Listing the project's files", _GIT_FIX)
    return [path for path in listed.output.split("\0") if path and _is_there(root / path)] or None


def _git(root: Path, *words: str) -> Completed:
    git = command.find("git", fix="Install git, or copy the project to a folder that is not a git checkout.")
    return command.run((git, "-C", str(root), *words), timeout=30)


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.is_file()


def _walk(root: Path) -> Iterator[str]:
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in _SKIPPED and not name.endswith(".egg-info"))
        here = Path(folder).relative_to(root)
        links = [name for name in names if (Path(folder) / name).is_symlink()]
        yield from ((here / name).as_posix() for name in sorted([*files, *links]))


def _contents(root: Path, path: str) -> bytes | None:
    """The bytes of a file worth reading; None for the others. Sockets, pipes and devices are others."""
    full = root / path
    if full.is_symlink():
        _refuse_stray(root, full, path)
    if not full.is_file() or not _worth_reading(path):
        return None
    most = _LARGEST_LOCK if path.endswith((".lock", "requirements.txt")) else _LARGEST
    if full.stat().st_size > most:
        return None
    try:
        return full.read_bytes()
    except OSError as problem:
        raise UserError(
            f"{path}: cannot be read: {problem.strerror}", fix=f"Make it readable: chmod u+r {path}"
        ) from None


def _worth_reading(path: str) -> bool:
    name = PurePosixPath(path)
    return name.suffix in _READ or name.name in _READ_NAMES or name.name.startswith((".env", "env."))


def _refuse_stray(root: Path, link: Path, path: str) -> None:
    fix = "Replace the link by what it points to, or remove it: no clone and no build context can follow it."
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        raise UserError(f"{path}: a symbolic link that leads in a loop or nowhere", fix=fix) from None
    if not target.is_relative_to(root.resolve()):
        raise UserError(f"{path}: a symbolic link out of the project, to {target}", fix=fix)
