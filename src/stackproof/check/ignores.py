"""Comments that set one finding aside, with a reason: `# stackproof: ignore SR104 because the base is ours`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from stackproof.check.selection import is_named
from stackproof.model.findings import Finding, Rule
from stackproof.model.source import Line, Place, SourceTree

_IGNORE = re.compile(r"#\s*stackproof:\s*ignore\s+([\w-]+(?:\s*,\s*[\w-]+)*)(?:\s+because\s+(\S.*))?")
UNUSED = "SR003-unused-ignore"
_ALONE = re.compile(r"\s*#")


@dataclass(frozen=True)
class Ignore:
    """One comment; `lines` are those that it speaks for."""

    rules: tuple[str, ...]
    reason: str
    lines: frozenset[int]
    seen: Place


@lru_cache(maxsize=256)
def found(tree: SourceTree, path: str) -> tuple[Ignore, ...]:
    """The comments of one file; a comment alone on its line speaks for the line below, the first for the file."""
    if b"stackproof:" not in tree.files.get(path, b""):
        return ()
    return tuple(_ignores(tree.files[path].decode("utf-8", "replace"), path))


def applied(
    findings: Iterable[Finding], tree: SourceTree, paths: tuple[str, ...], rules: tuple[Rule, ...]
) -> tuple[list[Finding], int]:
    """The findings that no comment with a reason sets aside, and how many were; comments that nothing needs, too."""
    kept, used = [], set()
    count = 0
    for finding in findings:
        fitting = [each for each in found(tree, finding.at.path) if each.reason and _fits(each, finding)]
        used |= {(each.seen, name) for each in fitting for name in each.rules if is_named(finding.rule, name)}
        count += bool(fitting)
        kept += [] if fitting else [finding]
    about = next((rule for rule in rules if rule.id == UNUSED), None)
    if about:
        kept += _unused(about, tree, paths, used, rules)
    return kept, count


def _ignores(text: str, path: str) -> Iterator[Ignore]:
    for number, words in enumerate(text.splitlines(), 1):
        if comment := _IGNORE.search(words):
            line = Line(words, Place(path, number))
            yield Ignore(
                tuple(name.strip() for name in comment[1].split(",")),
                (comment[2] or "").strip(),
                _lines(line),
                line.place,
            )


def _lines(line: Line) -> frozenset[int]:
    number = line.place.line
    below = {number + 1} if _ALONE.match(line.text) else set()
    return frozenset({number, *below, *({0} if number == 1 else ())})


def _fits(ignore: Ignore, finding: Finding) -> bool:
    return finding.at.line in ignore.lines and any(is_named(finding.rule, name) for name in ignore.rules)


def _unused(
    about: Rule, tree: SourceTree, paths: tuple[str, ...], used: set[tuple[Place, str]], rules: tuple[Rule, ...]
) -> Iterator[Finding]:
    """Of a rule that was not asked, or of another tool's, nobody knows."""
    for path in paths:
        for each in found(tree, path):
            for name in each.rules:
                asked = any(is_named(rule.id, name) for rule in rules)
                if asked and each.reason and (each.seen, name) not in used:
                    yield Finding(about.id, about.severity, each.seen, f"{name} finds nothing here", about.fix)
