"""The services and what waits for what, drawn from left to right."""

from html import escape

from stackproof.model.proof import Record, ServiceNote

_WIDE, _HIGH, _GAP_X, _GAP_Y = 192, 68, 80, 18  # user units of the drawing


def draw(record: Record) -> str:
    if not record.services:
        return ""
    spots = _spots(record.services)
    width = max(x for x, _ in spots.values()) + _WIDE + 2
    height = max(y for _, y in spots.values()) + _HIGH + 2
    edges = "".join(_edge(spots[need], spots[name]) for need, name in _arrows(record.services))
    boxes = "".join(_box(note, *spots[note.name]) for note in record.services)
    label = escape("; ".join(_words(note) for note in record.services))
    size = f'viewBox="0 0 {width} {height}" style="max-width:{width}px"'
    return f'<div class=wide><svg {size} role="img" aria-label="{label}">{edges}{boxes}</svg></div>'


def _spots(services: tuple[ServiceNote, ...]) -> dict[str, tuple[int, int]]:
    """Upper left corners: a column further right for each wait in the longest chain."""
    column: dict[str, int] = {}
    for note in services:  # dependencies come first
        column[note.name] = 1 + max((column[need] for need in note.needs), default=-1)
    rows: dict[int, int] = {}
    spots: dict[str, tuple[int, int]] = {}
    for name, place in column.items():
        row = rows[place] = rows.get(place, -1) + 1
        spots[name] = (1 + place * (_WIDE + _GAP_X), 1 + row * (_HIGH + _GAP_Y))
    return spots


def _arrows(services: tuple[ServiceNote, ...]) -> list[tuple[str, str]]:
    """(need, service), without those that a longer way already says."""
    needs = {note.name: set(note.needs) for note in services}
    return [
        (need, note.name)
        for note in services
        for need in note.needs
        if not any(_reaches(needs, other, need) for other in note.needs if other != need)
    ]


def _reaches(needs: dict[str, set[str]], start: str, goal: str) -> bool:
    return goal in needs[start] or any(_reaches(needs, need, goal) for need in needs[start])


def _edge(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1 = start[0] + _WIDE, start[1] + _HIGH // 2
    x2, y2 = end[0] - 8, end[1] + _HIGH // 2
    bend = (x2 - x1) // 2
    path = f'<path class=edge d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'
    return f'{path}<path class=tip d="M{x2 + 8} {y2}l-9 -4v8z"/>'


def _box(note: ServiceNote, x: int, y: int) -> str:
    port = f", port {note.port}" if note.port else ""
    optional = " optional" if note.profiles else ""
    published = f"published at {note.published}" if note.published else "not published"
    return (
        f"<g><title>{escape(_words(note))}</title>"
        f'<rect class="box{optional}" x="{x}" y="{y}" width="{_WIDE}" height="{_HIGH}" rx="8"/>'
        f'<text x="{x + 12}" y="{y + 22}" font-weight="600">{escape(note.name)}</text>'
        f'<text class=soft x="{x + 12}" y="{y + 40}">{escape(note.role + port)}</text>'
        f'<text class=soft x="{x + 12}" y="{y + 56}">{escape(published)}</text></g>'
    )


def _words(note: ServiceNote) -> str:
    waits = f" waits for {', '.join(note.needs)}" if note.needs else " waits for nothing"
    return f"{note.name} ({note.image}){waits}"
