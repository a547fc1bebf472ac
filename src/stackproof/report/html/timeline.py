"""Start-up as a time line: who waited for whom, and when each service became healthy."""

from dataclasses import dataclass
from html import escape

from stackproof.model.proof import Record

_LEFT, _WIDE, _ROW = 92, 640, 30  # user units: room for names, for time, for a row
_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds between ticks


@dataclass(frozen=True)
class _Start:
    name: str
    started: float
    ready: float | None  # None: it has no health check
    waits: tuple[str, ...]


def caption(record: Record) -> str:
    ready = [start.ready for start in _starts(record) if start.ready is not None]
    last = f"All healthy {max(ready):.1f} s after the start. " if ready else ""
    return f"{last}Grey: waiting for others. Blue: started, not yet healthy. Green: healthy."


def draw(record: Record) -> str:
    starts = _starts(record)
    if not starts:
        return ""
    end = 1.15 * max(start.ready or start.started for start in starts) or 1.0
    rows = "".join(_row(start, place, end) for place, start in enumerate(starts))
    height = _ROW * len(starts) + 24
    size = f'viewBox="0 0 {_LEFT + _WIDE + 20} {height}"'
    label = escape(caption(record))
    return f'<div class=wide><svg {size} role="img" aria-label="{label}">{_ticks(end, height)}{rows}</svg></div>'


def _starts(record: Record) -> list[_Start]:
    """The first start and the first health after it, of each service that started."""
    found = []
    for note in record.services:
        mine = [event for event in record.timeline if event.service == note.name]
        started = next((event.at for event in mine if event.what == "started"), None)
        if started is not None:
            ready = next((event.at for event in mine if event.what == "healthy" and event.at >= started), None)
            found.append(_Start(note.name, started, ready, note.needs))
    return sorted(found, key=lambda start: start.started)


def _row(start: _Start, place: int, end: float) -> str:
    y = place * _ROW + 6
    ready = start.ready if start.ready is not None else start.started
    waited = f"waits for {', '.join(start.waits)}" if start.waits else ""
    text = f"{start.ready - start.started:.1f} s to healthy" if start.ready is not None else "no health check"
    inside = (
        f'<text class=soft x="{_x(0, end) + 5}" y="{y + 13}">{escape(waited)}</text>'
        if _fits(waited, start, end)
        else ""
    )
    return (
        f"<g><title>{escape(f'{start.name}: {waited} started at {start.started:.2f} s, {text}')}</title>"
        f'<text x="0" y="{y + 13}">{escape(start.name)}</text>'
        f"{_bar('wait', 0, start.started, y, end)}{_bar('run', start.started, ready, y, end)}"
        f"{_bar('ready', ready, end, y, end)}{inside}</g>"
    )


def _fits(text: str, start: _Start, end: float) -> bool:
    return bool(text) and _x(start.started, end) - _x(0, end) > 6 * len(text)


def _bar(kind: str, begin: float, until: float, y: int, end: float) -> str:
    width = _x(until, end) - _x(begin, end)
    return (
        f'<rect class={kind} x="{_x(begin, end):.1f}" y="{y}" width="{width:.1f}" height="18" rx="2"/>'
        if width > 0
        else ""
    )


def _ticks(end: float, height: int) -> str:
    step = next((step for step in _STEPS if end / step <= 10), 120.0)
    marks = []
    for number in range(int(end / step) + 1):
        x = _x(number * step, end)
        marks.append(f'<line class=tick x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height - 18}"/>')
        marks.append(f'<text class=soft x="{x:.1f}" y="{height - 4}" text-anchor="middle">{number * step:g} s</text>')
    return "".join(marks)


def _x(seconds: float, end: float) -> float:
    return _LEFT + _WIDE * seconds / end
