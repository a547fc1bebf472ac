"""Safe edits of findings -> the files as they would be, and what of it can be done at once."""

from collections.abc import Iterable, Mapping

from stackproof.model.artifacts import Artifact
from stackproof.model.findings import Edit, Finding
from stackproof.model.source import SourceTree


def edited(findings: Iterable[Finding], tree: SourceTree) -> tuple[tuple[Finding, ...], tuple[Artifact, ...]]:
    """The findings that are mended, and the files with all their edits; edits that touch each other wait for next time.

    A file that was not read, or is not UTF-8, is left as it is.
    """
    taken: dict[str, list[Edit]] = {}
    mended = []
    for finding in findings:
        if finding.edits and all(_is_free(edit, taken, tree) for edit in finding.edits):
            mended.append(finding)
            for edit in finding.edits:
                taken.setdefault(edit.path, []).append(edit)
    return tuple(mended), tuple(Artifact(path, _applied(tree, path, edits)) for path, edits in sorted(taken.items()))


def _is_free(edit: Edit, taken: Mapping[str, list[Edit]], tree: SourceTree) -> bool:
    beside = taken.get(edit.path, [])
    if any(edit.first <= other.last and other.first <= edit.last and edit != other for other in beside):
        return False
    return _text(tree, edit.path) is not None


def _applied(tree: SourceTree, path: str, edits: list[Edit]) -> str:
    """From the bottom up, so that the numbers above stay true; each edit once."""
    lines = (_text(tree, path) or "").splitlines(keepends=True)
    ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    for edit in sorted(set(edits), key=lambda each: -each.first):
        lines[edit.first - 1 : edit.last] = [line + ending for line in edit.text.splitlines()]
    return "".join(lines)


def _text(tree: SourceTree, path: str) -> str | None:
    try:
        return tree.files[path].decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
