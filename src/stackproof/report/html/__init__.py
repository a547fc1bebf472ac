"""The record as one self-contained page: no script, no outside request, light and dark, readable on a phone."""

from collections.abc import Iterator
from html import escape

from stackproof.model.proof import Record, Verdict
from stackproof.report.counts import counts, grouped
from stackproof.report.html import claims, graph, layers, timeline
from stackproof.report.html.style import STYLE
from stackproof.report.printable import printable


def render(record: Record) -> str:
    return printable("\n".join(_page(record))) + "\n"


def _page(record: Record) -> Iterator[str]:
    title = escape(f"{record.project} in {record.environment}: the proof")
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>"
    yield from _head(record)
    yield from _section(
        "Services",
        "An arrow leads from a service to the ones that wait for it; dashed ones are optional.",
        graph.draw(record),
    )
    yield from _section("Start-up", timeline.caption(record), timeline.draw(record))
    if record.image:
        yield from _section(
            "Image layers",
            layers.caption(record.image, record.control_bytes),
            layers.draw(record.image, record.control_bytes),
        )
    for name, items in grouped(record):
        yield f"<section><h2>{escape(name)}</h2>"
        yield from (claims.draw(item) for item in items)
        yield "</section>"
    yield from _foot(record)
    yield "</main>\n</body>\n</html>"


def _head(record: Record) -> Iterator[str]:
    found = counts(record)
    yield f"<header><p class=over>stackproof {escape(record.stackproof)}</p>"
    yield f"<h1>{escape(record.project)} <small>{escape(record.environment)} on {escape(record.runtime)}</small></h1>"
    yield f"<p>{escape(_sentence(record))}</p>"
    yield f'<div class=bar role=img aria-label="{escape(_sentence(record))}">'
    yield "".join(f'<i class={verdict} style="flex:{number}"></i>' for verdict, number in found.items() if number)
    yield "</div><ul class=counts>"
    yield "".join(f"<li class={verdict}><b>{number}</b> {verdict}</li>" for verdict, number in found.items())
    yield "</ul></header>"


def _sentence(record: Record) -> str:
    found = counts(record)
    if refuted := found[Verdict.REFUTED]:
        return f"Measured and refuted: {refuted} of {len(record.evidence)} promises."
    if unmeasured := found[Verdict.UNMEASURED]:
        return f"Every promise that was measured holds; {unmeasured} of {len(record.evidence)} could not be measured."
    return f"All {len(record.evidence)} promises were measured, and hold."


def _section(title: str, caption: str, body: str) -> Iterator[str]:
    if body:
        yield f"<section><h2>{escape(title)}</h2><p class=note>{escape(caption)}</p>{body}</section>"


def _foot(record: Record) -> Iterator[str]:
    rows = {"Source": record.source, "Begun": record.begun, "Took": f"{record.seconds:.0f} s"}
    yield "<section><h2>How this was made</h2><table class=facts>"
    for name, value in {**rows, **record.host, **record.tools}.items():
        yield f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
    yield "</table>"
    if record.notes:
        yield "<ul class=notes>" + "".join(f"<li>{escape(note)}</li>" for note in record.notes) + "</ul>"
    yield "</section>"
