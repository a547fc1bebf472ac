"""What is on disk beside what was rendered."""

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from stackproof.errors import UserError
from stackproof.model.artifacts import Artifact, Difference
from stackproof.write.lock import LOCK, written_before


def compare(root: Path, artifacts: tuple[Artifact, ...]) -> tuple[Difference, ...]:
    """Every file that is not as rendered, in the order of the artifacts; then those that are rendered no more."""
    before = written_before(root)
    found = (_difference(root, artifact, before.get(artifact.path, frozenset())) for artifact in artifacts)
    rendered = {artifact.path for artifact in artifacts}
    left = _left_over(root, {path: known for path, known in before.items() if path not in rendered})
    return (*(difference for difference in found if difference), *left)


def _difference(root: Path, artifact: Artifact, before: frozenset[str]) -> Difference | None:
    data = _read(root / artifact.path)
    if data is None:
        return Difference(artifact.path, "missing", True, _diff(artifact.path, b"", artifact.text))
    if data == artifact.text.encode():
        return None
    ours = artifact.path == LOCK or _digest(data) in before
    return Difference(artifact.path, "changed", ours, _diff(artifact.path, data, artifact.text))


def _left_over(root: Path, before: Mapping[str, frozenset[str]]) -> Iterator[Difference]:
    """Changed by hand since: then it is the user's own, and stays."""
    for path, known in before.items():
        data = _read(root / path)
        if data is not None and _digest(data) in known:
            yield Difference(path, "left over", True, _diff(path, data, ""))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise UserError(
            f"{path} cannot be read: {problem.strerror}", fix="Make it readable, or move it away."
        ) from problem


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _diff(path: str, data: bytes, text: str) -> str:
    before, after = data.decode("utf-8", "replace").splitlines(), text.splitlines()
    return "\n".join(difflib.unified_diff(before, after, f"{path} (on disk)", f"{path} (rendered)", lineterm=""))
