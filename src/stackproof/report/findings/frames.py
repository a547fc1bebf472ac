"""Findings as text: for each the rule, the line with a marker, what was found and what to do."""

from collections.abc import Iterator

from stackproof.model.findings import Checked, Finding
from stackproof.model.source import SourceTree
from stackproof.report.printable import printable

_WIDEST = 160  # characters of a line that are shown


def render(checked: Checked, _version: str) -> str:
    blocks = ["\n".join(_block(each, checked.tree)) for each in checked.findings]
    return "\n\n".join([*blocks, "\n".join(_summary(checked))])


def _block(finding: Finding, tree: SourceTree) -> Iterator[str]:
    yield f"{finding.at}: {finding.severity}: {printable(finding.found)} [{finding.rule}]"
    if (text := _line(finding, tree)) is not None:
        number = str(finding.at.line)
        lead = len(text) - len(text.lstrip())
        yield f"  {number} | {text}"
        yield f"  {' ' * len(number)} | {' ' * lead}{'^' * max(1, len(text) - lead)}"
    yield f"  fix: {finding.fix}{' (--fix does it)' if finding.edits else ''}"


def _line(finding: Finding, tree: SourceTree) -> str | None:
    if not finding.at.line or finding.at.path not in tree.files:
        return None
    lines = tree.files[finding.at.path].decode("utf-8", "replace").splitlines()
    return printable(lines[finding.at.line - 1].expandtabs(4)[:_WIDEST]) if finding.at.line <= len(lines) else None


def _summary(checked: Checked) -> Iterator[str]:
    weights = [each.severity for each in checked.findings]
    counted = [_count(weights.count(word), word) for word in ("error", "warning")]
    infos = weights.count("info")
    yield f"{_count(len(checked.files), 'container file')}, {_count(len(checked.rules), 'rule')}: " + ", ".join(
        [*counted, f"{infos} info"]
    )
    if not checked.files:
        yield "Nothing to check: no Dockerfile, Compose file, nginx configuration or Kubernetes manifest was found."
    if checked.ignored:
        yield f"{_count(checked.ignored, 'finding')} ignored, with a reason each"
    if checked.known:
        yield f"{_count(checked.known, 'finding')} in the baseline"
    for each in checked.gone:
        yield f"gone: {each.rule} in {each.path} is in the baseline and not there any more"
    if mendable := sum(bool(each.edits) for each in checked.findings):
        yield f"{_count(mendable, 'finding')} can be mended: stackproof check --fix --diff shows how"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
