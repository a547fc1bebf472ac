"""Who may reach whom, as a table: what was tried has a sign of its own in every cell."""

from html import escape

from stackproof.model.proof import Record
from stackproof.report.html.parts import figure, table, wide
from stackproof.report.reach import HOST, OUTSIDE, Way, tried, ways

_CAPTION = (
    "From the service in the row to the one in the column. ● tried and open, as meant; ○ tried and closed, as meant; "
    "✕ tried, and not as meant; · allowed by a shared network, not tried; - no shared network, not tried."
)


def draw(record: Record) -> str:
    if not tried(record):
        return ""
    found = {(way.begin, way.to): way for way in ways(record)}
    order = [HOST, *(note.name for note in record.services), OUTSIDE]
    begins, ends = (_in_order(order, [key[place] for key in found]) for place in (0, 1))
    rows = [
        [escape(begin), *("" if begin == end else _cell(found.get((begin, end))) for end in ends)] for begin in begins
    ]
    title = "What may reach what, and what was tried"
    head = ("from", *(escape(end) for end in ends))
    return figure(title, _CAPTION, wide(title, table(title, head, rows, "matrix")))


def _in_order(order: list[str], names: list[str]) -> list[str]:
    there = set(names)
    return [name for name in order if name in there] + sorted(there - set(order))


def _cell(way: Way | None) -> str:
    if way is None:
        return ""
    if way.opened is None:
        return "<span class=soft>· may</span>" if way.meant else "<span class=soft>-</span>"
    state = "open" if way.opened else "closed"
    if way.wrong:
        return f"<b class=refuted>✕ {state}, not meant</b>"
    return f"{'●' if way.opened else '○'} {state}"
