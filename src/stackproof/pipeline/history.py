"""The proofs of a stack so far, in short: kept in the state folder, for the next report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stackproof.pipeline.where import STATE

if TYPE_CHECKING:
    from stackproof.model.proof import Past, Record


def remembered(root: Path, record: Record, kind: str = "") -> Record:
    """The record with the proofs before it, on the same runtime; the next one will be given this one, too.

    `kind` tells the histories of different stacks of the same environment apart.
    """
    import msgspec

    from stackproof.model.artifacts import Artifact
    from stackproof.report.past import kept
    from stackproof.write import files

    name = f"{kind}{record.environment}-{record.runtime}.json"
    folder = root / STATE / "history"
    known = replace(record, history=_read(folder / name))
    text = msgspec.json.format(msgspec.json.encode(kept(known))).decode() + "\n"
    files.replace(folder, [Artifact(".gitignore", "*\n"), Artifact(name, text)])
    return known


def _read(path: Path) -> tuple[Past, ...]:
    """None of them where there is no such file, or one of another version: then a new history begins."""
    import msgspec

    from stackproof.model.proof import Past

    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[Past, ...])
    except (OSError, msgspec.MsgspecError):
        return ()
