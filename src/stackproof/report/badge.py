"""The record as a badge: what holds, in two words; the words say it, the colour only repeats it."""

from html import escape

from stackproof.model.proof import Record, Verdict
from stackproof.report.counts import counts, verdict
from stackproof.report.printable import printable

_COLOURS = {Verdict.PROVED: "#146c3f", Verdict.REFUTED: "#b3261e", Verdict.UNMEASURED: "#7a5200"}
_LABEL, _LEFT = "stackproof", 76  # the label's width in pixels


def render(record: Record) -> str:
    words = _words(record)
    right = 12 + round(6.4 * len(words))
    width = _LEFT + right
    title = escape(printable(f"{record.project} in {record.environment}: {words}"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{title}">'
        f'<title>{title}</title><clipPath id="round"><rect width="{width}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#round)"><rect width="{_LEFT}" height="20" fill="#3b4452"/>'
        f'<rect x="{_LEFT}" width="{right}" height="20" fill="{_COLOURS[verdict(record.evidence)]}"/></g>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{_LEFT / 2:g}" y="14" textLength="{_LEFT - 12}">{_LABEL}</text>'
        f'<text x="{_LEFT + right / 2:g}" y="14" textLength="{right - 12}">{words}</text></g></svg>\n'
    )


def _words(record: Record) -> str:
    found = counts(record.evidence)
    parts = [f"{found[one]} {one}" for one in (Verdict.REFUTED, Verdict.PROVED, Verdict.UNMEASURED) if found[one]]
    return ", ".join(parts[:2]) or "nothing measured"
