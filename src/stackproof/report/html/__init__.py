"""The record as one self-contained page: no script, no outside request, light and dark, readable on a phone."""

from collections.abc import Iterator
from html import escape

from stackproof.model.proof import Evidence, Record
from stackproof.report.counts import counts
from stackproof.report.html import claims, faults, graph, head, history, layers, load, reach, timeline
from stackproof.report.html.parts import table
from stackproof.report.html.style import STYLE
from stackproof.report.printable import printable
from stackproof.report.questions import BUILD, FAULTS, INSIDE, LOAD, LOCKED, QUESTIONS, START, Question, asked

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(record: Record) -> str:
    return printable("\n".join(_page(record))) + "\n"


def _page(record: Record) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>{escape(f'{record.project} in {record.environment}: the proof')}</title>"
    yield f'<style>{STYLE}</style>\n</head>\n<body>\n<a class=skip href="#answers">Skip to the answers</a>'
    yield from head.draw(record)
    yield '<main id="answers">'
    answers = dict(asked(record))
    for question in QUESTIONS:
        yield from _section(question, _figures(record, question), answers.get(question, []), record)
    yield from history.draw(record)
    yield "</main>"
    yield from _foot(record)
    yield "</body>\n</html>"


def _section(question: Question, figures: str, items: list[Evidence], record: Record) -> Iterator[str]:
    if not items and not figures:
        return
    said = head.tally(counts(items)) if items else ""
    yield f'<section id="{question.id}" aria-labelledby="{question.id}-asks">'
    yield f'<div class=title><h2 id="{question.id}-asks">{escape(question.asks)}</h2><p>{said}</p></div>'
    yield figures
    if items:
        yield f"<h3{'' if figures else ' class=unseen'}>The promises</h3>"
    yield from (claims.draw(item, record.pages.get(item.claim, "")) for item in items)
    yield "</section>"


def _figures(record: Record, question: Question) -> str:
    """Where the pictures stand: with the question that they answer."""
    drawn = {
        START: (timeline.draw, graph.draw),
        LOCKED: (reach.draw,),
        FAULTS: (faults.draw,),
        INSIDE: (layers.draw,),
        LOAD: (load.draw,),
        BUILD: (),
    }
    return "".join(draw(record) for draw in drawn.get(question, ()))


def _foot(record: Record) -> Iterator[str]:
    rows = {"Source": record.source, "Begun": record.begun, "Took": f"{record.seconds:.0f} s"}
    rows |= {"stackproof": record.stackproof, **record.host, **record.tools}
    yield "<footer><h2>How this was made</h2>"
    yield table("How this was made", ("What", "Value"), [(escape(name), escape(said)) for name, said in rows.items()])
    if record.unasked:
        unasked = [(f"<code>{escape(claim)}</code>", escape(why)) for claim, why in record.unasked.items()]
        yield f"<h3>Not asked</h3>{table('Not asked', ('Claim', 'Left out as'), unasked)}"
    if record.notes:
        yield "<h3>Notes</h3><ul class=notes>" + "".join(f"<li>{escape(note)}</li>" for note in record.notes) + "</ul>"
    yield "<p class=note>Made from record.json alone: <code>stackproof report record.json</code> makes this page again."
    yield "</p></footer>"
