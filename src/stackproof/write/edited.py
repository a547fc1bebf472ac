"""Edited files onto disk: all or none, their modes kept, each one's former text beside it as FILE.orig."""

from dataclasses import replace
from pathlib import Path

from stackproof.model.artifacts import Artifact
from stackproof.write import files


def put(root: Path, artifacts: tuple[Artifact, ...]) -> tuple[str, ...]:
    """The names of the copies. Raises UserError before anything is written where a path leads out of the project."""
    paths = [artifact.path for artifact in artifacts]
    with files.alone(root):
        files.inside(root, paths)
        files.tidy(root, paths)
        kept = tuple(files.keep_copy(root, path) for path in paths)
        modes = [(root / path).stat().st_mode & 0o777 for path in paths]
        files.replace(root, [replace(each, mode=mode) for each, mode in zip(artifacts, modes, strict=True)])
    return kept
