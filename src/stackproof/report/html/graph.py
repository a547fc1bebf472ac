"""The services and what waits for what, drawn from left to right; what was left out is drawn as left out."""

from collections.abc import Iterator
from html import escape

from stackproof.model.proof import Record, ServiceNote
from stackproof.report.html.parts import figure, svg, text
from stackproof.report.printable import line
from stackproof.report.reach import Way, ways

_WIDE, _HIGH, _GAP_X, _GAP_Y = 196, 70, 74, 18  # user units of the drawing
_DIP = 44  # how far below its ends a wrong way is drawn
_FITS = 29  # small letters in a box
Spots = dict[str, tuple[int, int]]


def draw(record: Record) -> str:
    if not record.services:
        return ""
    spots = _spots(record.services)
    wrong = "".join(_wrong(way, spots) for way in ways(record) if way.wrong)
    width = max(x for x, _ in spots.values()) + _WIDE + 2
    height = max(y for _, y in spots.values()) + _HIGH + (_DIP if wrong else 2)
    gone = record.left_out
    edges = "".join(
        _edge(spots[need], spots[name], left_out=need in gone or name in gone)
        for need, name in _arrows(record.services)
    )
    boxes = "".join(_box(note, gone.get(note.name), *spots[note.name]) for note in record.services)
    label = "; ".join(_words(note, gone.get(note.name)) for note in record.services)
    return figure("The services", _caption(record), svg(width, height, label, edges + boxes + wrong))


def _caption(record: Record) -> str:
    said = ["An arrow leads from a service to those that wait for it."]
    if any(note.profiles for note in record.services):
        said.append("Dashed: optional.")
    if record.left_out:
        said.append("Dotted and crossed out: left out on this runtime.")
    if any(way.wrong and way.opened for way in ways(record)):
        said.append("A thick line marked ✕: a connection that opened and should not.")
    return " ".join(said)


def _spots(services: tuple[ServiceNote, ...]) -> Spots:
    """Upper left corners: a column further right for each wait in the longest chain, near to what it waits for."""
    columns: dict[int, list[ServiceNote]] = {}
    depth: dict[str, int] = {}
    for note in services:  # dependencies come first
        depth[note.name] = 1 + max((depth[need] for need in note.needs), default=-1)
        columns.setdefault(depth[note.name], []).append(note)
    spots: Spots = {}
    for place in sorted(columns):
        near = sorted(columns[place], key=lambda note: _middle(note, spots))
        for row, note in enumerate(near):
            spots[note.name] = (1 + place * (_WIDE + _GAP_X), 1 + row * (_HIGH + _GAP_Y))
    return spots


def _middle(note: ServiceNote, spots: Spots) -> float:
    return sum(spots[need][1] for need in note.needs) / len(note.needs) if note.needs else 0.0


def _arrows(services: tuple[ServiceNote, ...]) -> Iterator[tuple[str, str]]:
    """(need, service), without those that a longer way already says."""
    behind: dict[str, set[str]] = {}  # all that a service waits for, at once or through others
    for note in services:
        behind[note.name] = set(note.needs).union(*(behind[need] for need in note.needs))
    for note in services:
        longer = set().union(*(behind[need] for need in note.needs))
        yield from ((need, note.name) for need in note.needs if need not in longer)


def _edge(start: tuple[int, int], end: tuple[int, int], *, left_out: bool) -> str:
    x1, y1 = start[0] + _WIDE, start[1] + _HIGH // 2
    x2, y2 = end[0] - 8, end[1] + _HIGH // 2
    bend = (x2 - x1) // 2
    kind = '"edge gone"' if left_out else "edge"
    path = f'<path class={kind} d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'
    return f'{path}<path class=tip d="M{x2 + 8} {y2}l-9 -4v8z"/>'


def _box(note: ServiceNote, left_out: str | None, x: int, y: int) -> str:
    port = f", port {note.port}" if note.port else ""
    kind = "box gone" if left_out is not None else "box optional" if note.profiles else "box"
    cross = f'<path class=cross d="M{x} {y + _HIGH}L{x + _WIDE} {y}"/>' if left_out is not None else ""
    under = f"left out: {left_out}" if left_out is not None else _published(note)
    return (
        f"<g><title>{escape(_words(note, left_out))}</title>"
        f'<rect class="{kind}" x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="8"/>{cross}'
        f"{text(x + 12, y + 23, line(note.name, 22), 'strong')}"
        f"{text(x + 12, y + 42, line(note.role + port, _FITS), 'soft')}"
        f"{text(x + 12, y + 58, line(under, _FITS), 'soft')}</g>"
    )


def _published(note: ServiceNote) -> str:
    return f"published at {note.published}" if note.published else "not published"


def _wrong(way: Way, spots: Spots) -> str:
    """Drawn where both ends are: what the table below says in words."""
    if not way.opened or not {way.begin, way.to} <= set(spots):
        return ""
    (x1, y1), (x2, y2) = ((spots[name][0] + _WIDE // 2, spots[name][1] + _HIGH) for name in (way.begin, way.to))
    low = max(y1, y2) + _DIP
    words = escape(f"{way.begin} reached {way.to}, and should not")
    curve = f'<path class=leak d="M{x1} {y1}C{x1} {low} {x2} {low} {x2} {y2}"/>'
    cross = text((x1 + x2) / 2, (y1 + y2 + 6 * low) / 8 + 5, "✕", "wrong", "middle")
    return f"<g><title>{words}</title>{curve}{cross}</g>"


def _words(note: ServiceNote, left_out: str | None) -> str:
    waits = f" waits for {', '.join(note.needs)}" if note.needs else " waits for nothing"
    gone = f", left out: {left_out}" if left_out is not None else ""
    return f"{note.name} ({note.image}){waits}{gone}"
