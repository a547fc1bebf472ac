"""Start-up as a time line: who waited for whom, and when each service became healthy."""

from html import escape

from stackproof.model.proof import Record
from stackproof.report.html.parts import figure, folded, svg, table, text
from stackproof.report.printable import line
from stackproof.report.starts import Start, all_healthy, starts

_WIDE, _ROW = 700, 30  # user units: room for time, for a row
_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)  # seconds between ticks


def draw(record: Record) -> str:
    found = starts(record)
    if not found:
        return ""
    names = [line(start.name, 24) for start in found]
    left = 16 + 7.5 * max(len(name) for name in names)
    end = 1.15 * max(start.ready or start.started for start in found) or 1.0
    height = _ROW * len(found) + 24
    scale = _WIDE / end
    rows = "".join(
        _row(start, name, place, left, scale) for place, (start, name) in enumerate(zip(found, names, strict=True))
    )
    last = all_healthy(record)
    caption = (f"All healthy {last:.1f} s after the start. " if last is not None else "") + _LEGEND
    drawn = svg(left + _WIDE + 20, height, caption, _ticks(end, height, left, scale) + rows)
    return figure("Start-up", caption, drawn + folded("the same as a table", _table(found)))


_LEGEND = "Thin: waiting for others. Pale with a dashed edge: started, not yet healthy. Full: healthy."


def _table(found: list[Start]) -> str:
    rows = [
        (
            escape(start.name),
            f"{start.started:.2f} s",
            f"{start.ready:.2f} s" if start.ready is not None else "no health check",
            escape(", ".join(start.waits)) or "nothing",
        )
        for start in found
    ]
    return table("Start-up", ("service", "started", "healthy", "waits for"), rows)


def _row(start: Start, name: str, place: int, left: float, scale: float) -> str:
    y = place * _ROW + 6
    began = left + start.started * scale
    ready = left + (start.ready if start.ready is not None else start.started) * scale
    waited = f"waited for {', '.join(start.waits)}" if start.waits else ""
    healthy = f"healthy after {start.ready:.2f} s" if start.ready is not None else "no health check"
    words = escape(f"{start.name}: started after {start.started:.2f} s, {healthy}")
    inside = text(left + 6, y + 5, waited, "soft") if waited and began - left > 6 * len(waited) else ""
    return (
        f"<g><title>{words}</title>{text(left - 10, y + 14, name, '', 'end')}"
        f"{_bar('wait', left, began, y + 7, 4)}{_bar('run', began, ready, y, 18)}"
        f"{_bar('ready', ready, left + _WIDE, y, 18)}{inside}{_mark(start, ready, y)}</g>"
    )


def _mark(start: Start, x: float, y: float) -> str:
    words = f"{start.ready:.1f} s" if start.ready is not None else "no health check"
    return text(x + 6, y + 13, words, "on")


def _bar(kind: str, begin: float, until: float, y: float, high: int) -> str:
    if until <= begin:
        return ""
    return f'<rect class={kind} x="{begin:.1f}" y="{y}" width="{until - begin:.1f}" height="{high}" rx="2"/>'


def _ticks(end: float, height: int, left: float, scale: float) -> str:
    step = next((step for step in _STEPS if end / step <= 10), end / 10)
    marks = []
    for number in range(int(end / step) + 1):
        x = left + number * step * scale
        marks.append(f'<line class=tick x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height - 18}"/>')
        marks.append(text(x, height - 4, f"{number * step:g} s", "soft", "middle"))
    return "".join(marks)
