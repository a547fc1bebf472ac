"""The top of the page: the outcome in one sentence and one bar, what is refuted, and where to read on."""

from collections.abc import Iterator, Mapping
from html import escape

from stackproof.model.proof import Record, Verdict
from stackproof.report.counts import counts, sentence, verdict
from stackproof.report.html.parts import SIGNS, bar, said
from stackproof.report.past import changes
from stackproof.report.questions import asked

_MOST = 12  # refuted promises that are worth naming before a reader scrolls


def draw(record: Record) -> Iterator[str]:
    whole, found = verdict(record.evidence), counts(record.evidence)
    yield f"<header class={whole}><p class=over>The proof of</p>"
    yield f"<h1>{escape(record.project)} <small>{escape(record.environment)} on {escape(record.runtime)}</small></h1>"
    yield f"<p class=outcome><span class=sign aria-hidden=true>{SIGNS[whole]}</span>{escape(sentence(record))}</p>"
    yield bar(found, f"Verdicts: {tally(found)}")
    yield "<ul class=counts>"
    yield "".join(
        f"<li class={one}><span aria-hidden=true>{SIGNS[one]}</span> <b>{number}</b> {one}</li>"
        for one, number in found.items()
    )
    yield "</ul>"
    yield from _refuted(record)
    yield from _left_out(record)
    yield "</header>"
    yield from _questions(record)


def tally(found: Mapping[Verdict, int]) -> str:
    return ", ".join(f"{number} {one}" for one, number in found.items() if number)


def _refuted(record: Record) -> Iterator[str]:
    items = [item for item in record.evidence if item.verdict is Verdict.REFUTED]
    if not items:
        return
    newly, _ = changes(record)
    yield "<h2 class=small>What does not hold</h2><ul class=refutations>"
    for item in items[:_MOST]:
        new = " <em>new</em>" if item.claim in newly else ""
        yield f'<li><a href="#{escape(item.claim)}">{said(item.says)}</a>{new}<br>{escape(item.because)}</li>'
    yield f"<li>and {len(items) - _MOST} more</li></ul>" if len(items) > _MOST else "</ul>"


def _left_out(record: Record) -> Iterator[str]:
    if record.left_out:
        said = "; ".join(f"{name} ({reason})" for name, reason in record.left_out.items())
        yield f"<p class=note>Left out, and so not proved: {escape(said)}.</p>"


def _questions(record: Record) -> Iterator[str]:
    yield '<nav aria-label="Questions"><ul>'
    for question, items in asked(record):
        whole, found = verdict(items), counts(items)
        yield (
            f'<li><a href="#{question.id}" class={whole}><span class=sign aria-hidden=true>{SIGNS[whole]}</span>'
            f"<b>{escape(question.asks)}</b><span class=said>{tally(found)}</span></a></li>"
        )
    yield "</ul></nav>"
