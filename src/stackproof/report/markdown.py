"""The record as Markdown for the comment of a pull request: what a reviewer must know, and nothing to scroll past."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from stackproof.model.proof import Evidence, Record, Verdict
from stackproof.report.counts import counts, sentence, verdict
from stackproof.report.faults import matrix
from stackproof.report.past import changes
from stackproof.report.printable import line
from stackproof.report.questions import asked
from stackproof.report.starts import all_healthy

_SIGNS = {Verdict.PROVED: "✅", Verdict.REFUTED: "❌", Verdict.UNMEASURED: "❔"}
_MOST, _LONGEST = 40, 300  # lines of a table, characters of a reason: a comment has 65,536 characters at most
_MARKS = re.compile(r"([\\`*_\[\]#!|~])")


def render(record: Record) -> str:
    return "\n".join(_lines(record)) + "\n"


def _lines(record: Record) -> Iterator[str]:
    where = f"{record.project} in {record.environment} on {record.runtime}"
    yield f"## {_SIGNS[verdict(record.evidence)]} {_said(where)}\n\n**{_said(sentence(record))}**\n"
    head = ("", "question", "proved", "refuted", "unmeasured")
    yield from _table(head, [_question(one.asks, items) for one, items in asked(record)])
    yield from _listed(record, Verdict.REFUTED, "### What does not hold\n")
    yield from _since(record)
    yield from _faults(record)
    yield from _folded("What nobody knows", list(_listed(record, Verdict.UNMEASURED, "")))
    yield from _folded("Left out", [f"- {_said(f'{name}: {reason}')}" for name, reason in record.left_out.items()])
    yield f"<sub>{' · '.join(_said(part) for part in _facts(record))}</sub>"


def _question(asks: str, items: list[Evidence]) -> tuple[str, ...]:
    found = counts(items)
    order = (Verdict.PROVED, Verdict.REFUTED, Verdict.UNMEASURED)
    return (_SIGNS[verdict(items)], _said(asks), *(str(found[one] or "") for one in order))


def _listed(record: Record, wanted: Verdict, title: str) -> Iterator[str]:
    items = [item for item in record.evidence if item.verdict is wanted]
    if not items:
        return
    if title:
        yield title
    rows = [(_said(item.claim), _said(item.says), _said(item.because)) for item in items[:_MOST]]
    yield from _table(("claim", "promise", "why" if wanted is Verdict.UNMEASURED else "measured"), rows)
    if len(items) > _MOST:
        yield f"and {len(items) - _MOST} more in `index.html`\n"


def _since(record: Record) -> Iterator[str]:
    newly, repaired = changes(record)
    for what, names in (("Newly refuted", newly), ("Holds again", repaired)):
        if names:
            yield f"**{what}** since the proof before: {', '.join(map(_said, names))}\n"


def _faults(record: Record) -> Iterator[str]:
    found = matrix(record)
    if bad := [blow for blow in found.blows if not blow.withstood]:
        yield "### What did not survive\n"
        rows = [
            (
                _said(blow.service),
                _said(f"{blow.fault}: {blow.broke}"),
                f"{blow.back:.1f} s" if blow.back is not None else "no",
                str(blow.lost),
            )
            for blow in bad[:_MOST]
        ]
        yield from _table(("service", "fault", "came back", "lost"), rows)
    elif found.blows:
        slowest = max(blow.back or 0.0 for blow in found.blows)
        yield f"{len(found.blows)} faults: each came back within {slowest:.1f} s by itself, and nothing was lost.\n"


def _folded(title: str, body: list[str]) -> Iterator[str]:
    if body:
        yield f"<details><summary>{title}</summary>\n"
        yield from body
        yield "\n</details>\n"


def _facts(record: Record) -> Iterator[str]:
    yield f"stackproof {record.stackproof}"
    yield record.source
    if record.image:
        yield f"image {record.image.size / 1e6:.0f} MB"
    if (ready := all_healthy(record)) is not None:
        yield f"all healthy after {ready:.1f} s"
    yield f"proof took {record.seconds:.0f} s"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _said(text: str) -> str:
    """Text from anywhere: no mark-up, no HTML, no mention that would call somebody."""
    words = _MARKS.sub(r"\\\1", line(text, _LONGEST))
    return escape(words, quote=False).replace("@", "@\u200b")
