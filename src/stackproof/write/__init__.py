"""Artifacts onto disk: whole files or none, and never over what somebody else wrote."""

from collections.abc import Iterable
from pathlib import Path

from stackproof.errors import ChangedByHand
from stackproof.model.artifacts import Artifact, Difference, Written
from stackproof.write import compare as comparing
from stackproof.write import files
from stackproof.write.lock import LOCK, written_before

__all__ = ["compare", "write"]

compare = comparing.compare
_SHOWN = 40  # lines of a difference in an error message


def write(root: Path, artifacts: Iterable[Artifact], *, force: bool = False) -> Written:
    """Bring the files on disk up to date; twice is once. The lock comes last, so that a crash leaves the older one.

    Raises UserError before anything is written: for files changed by hand (unless `force`, which keeps copies), paths
    that lead out of the project, or another stackproof at work here. Raises ToolFailed where the disk does not take it.
    """
    wanted = tuple(artifacts)
    with files.alone(root):
        paths = [artifact.path for artifact in wanted]
        touched = {*paths, *written_before(root)}
        files.inside(root, touched)
        found = comparing.compare(root, wanted)
        foreign = [difference for difference in found if not difference.ours]
        if foreign and not force:
            raise _changed_by_hand(foreign)
        files.tidy(root, touched)
        kept = tuple(files.keep_copy(root, difference.path) for difference in foreign)
        changed = {difference.path for difference in found if difference.kind != "left over"}
        files.replace(root, sorted((a for a in wanted if a.path in changed), key=lambda each: each.path == LOCK))
        gone = tuple(difference.path for difference in found if difference.kind == "left over")
        files.remove(root, gone)
    created = {difference.path for difference in found if difference.kind == "missing"}
    return Written(
        created=tuple(sorted(created)),
        updated=tuple(sorted(changed - created)),
        unchanged=tuple(sorted(artifact.path for artifact in wanted if artifact.path not in changed)),
        removed=gone,
        kept=kept,
    )


def _changed_by_hand(differences: list[Difference]) -> ChangedByHand:
    parts = []
    for difference in differences:
        lines = difference.diff.splitlines()
        more = [f"... {len(lines) - _SHOWN} more lines: --diff shows all"] if len(lines) > _SHOWN else []
        head = f"{difference.path} is not as stackproof wrote it:"
        parts.append("\n".join([head, *lines[:_SHOWN], *more]))
    return ChangedByHand(
        "\n".join(parts),
        paths=tuple(difference.path for difference in differences),
        fix="Nothing was written. Move your change into stackproof.toml, or take the rendered files with --force:"
        " yours are kept as <file>.orig.",
    )
