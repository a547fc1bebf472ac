"""stackproof.lock as it lies on disk: which files are ours, and what was in them when we wrote them."""

import json
from collections.abc import Mapping
from pathlib import Path

from stackproof.errors import UserError

LOCK = "stackproof.lock"


def written_before(root: Path) -> Mapping[str, str]:
    """Digest by path; empty where nothing was written yet. Raises UserError for a lock that is none of ours."""
    try:
        document = json.loads((root / LOCK).read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as problem:
        raise _broken(f"not JSON: {problem}") from problem
    except RecursionError as problem:
        raise _broken("nested too deeply") from problem
    files = document.get("files") if isinstance(document, dict) else None
    if not isinstance(files, dict) or not all(isinstance(digest, str) for digest in files.values()):
        raise _broken("it names no files")
    for path in files:
        if not path.isprintable() or path.startswith("/") or ".." in path.split("/"):
            raise _broken(f"it names a file outside of the project: {path!r}")
    return files


def _broken(problem: str) -> UserError:
    return UserError(
        f"{LOCK} cannot be read: {problem}",
        fix="Take it back from version control, or remove it; without it, files that differ need --force.",
    )
