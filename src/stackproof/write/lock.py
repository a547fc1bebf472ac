"""stackproof.lock as it lies on disk: which files are ours, and what was in them when we wrote them."""

import json
from collections.abc import Mapping
from pathlib import Path

from stackproof.errors import UserError
from stackproof.write import files

LOCK = "stackproof.lock"


def written_before(root: Path) -> Mapping[str, frozenset[str]]:
    """Digests by path; empty where nothing was written yet. Raises UserError for a lock that is none of ours.

    A run that was killed while it put files into place left its lock beside the older one: those are ours too.
    """
    found: dict[str, frozenset[str]] = {}
    for known in (_read(root / LOCK), _left_by_a_kill(root)):
        for path, digest in known.items():
            found[path] = found.get(path, frozenset()) | {digest}
    return found


def _left_by_a_kill(root: Path) -> Mapping[str, str]:
    """Nothing where that lock is itself half-written: then no file was put into place."""
    try:
        return _read(files.beside(root / LOCK))
    except UserError:
        return {}


def _read(lock: Path) -> Mapping[str, str]:
    try:
        document = json.loads(lock.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as problem:
        raise _broken(f"not JSON: {problem}") from problem
    except RecursionError as problem:
        raise _broken("nested too deeply") from problem
    named = document.get("files") if isinstance(document, dict) else None
    if not isinstance(named, dict) or not all(isinstance(digest, str) for digest in named.values()):
        raise _broken("it names no files")
    for path in named:
        if not path.isprintable() or path.startswith("/") or ".." in path.split("/"):
            raise _broken(f"it names a file outside of the project: {path!r}")
    return named


def _broken(problem: str) -> UserError:
    return UserError(
        f"{LOCK} cannot be read: {problem}",
        fix="Take it back from version control, or remove it; without it, files that differ need --force.",
    )
