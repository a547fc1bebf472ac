"""Latency second by second, with the time in which something was broken marked."""

from dataclasses import dataclass

from stackproof.model.proof import Record
from stackproof.report.curves import Curve, Window, curves
from stackproof.report.html.parts import figure, folded, svg, table, text
from stackproof.report.printable import line

_LEFT, _TOP, _WIDE, _HIGH = 70, 22, 640, 190  # user units: the axis, the fault's label, the latency
_STRIP, _GAP, _RIGHT = 48, 28, 50  # the strip of requests below, and the names at the ends of the lines
_BOTTOM = _TOP + _HIGH + _GAP + _STRIP
_PARTS = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class _Frame:
    """Where seconds and milliseconds are on the drawing."""

    first: float
    last: float
    most: float

    def x(self, second: float) -> float:
        inside = min(max(second, self.first), self.last) - self.first
        return _LEFT + inside * _WIDE / ((self.last - self.first) or 1.0)

    def y(self, milliseconds: float) -> float:
        return _TOP + _HIGH * (1 - milliseconds / self.most)


def draw(record: Record) -> str:
    return "".join(_figure(curve) for curve in curves(record))


def _figure(curve: Curve) -> str:
    slowest = max((value for point in curve.points for value in (point.p50, point.p99) if value), default=1.0)
    frame = _Frame(curve.points[0].second, curve.points[-1].second + 1, _round(slowest))
    windows = "".join(_window(span, frame) for span in curve.windows)
    body = windows + _axes(frame) + _lines(curve, frame) + _strip(curve, frame)
    caption = _caption(curve, slowest)
    drawn = svg(_LEFT + _WIDE + _RIGHT, _BOTTOM + 20, f"{curve.says} {caption}", body)
    return figure(curve.says, caption, drawn + folded("the same as a table", _table(curve)))


def _round(value: float) -> float:
    """The next larger number that reads well on an axis."""
    size = 1.0
    while size * 10 < value:
        size *= 10
    return next((step * size for step in (1, 2, 5) if step * size >= value), 10 * size)


def _caption(curve: Curve, slowest: float) -> str:
    requests, errors = (sum(getattr(point, name) for point in curve.points) for name in ("requests", "errors"))
    spans = ", ".join(f"{span.what} from second {span.begins:.0f} to {span.ends:.0f}" for span in curve.windows)
    window = f" Shaded: {spans}." if spans else ""
    return (
        f"{requests:.0f} requests, {errors:.0f} errors, slowest second {slowest:.0f} ms. Full line: half of the "
        f"requests were faster (p50). Dashed: 99 of 100 were (p99). Below: requests, errors with a ✕.{window}"
    )


def _window(span: Window, frame: _Frame) -> str:
    x = frame.x(span.begins)
    width = max(frame.x(span.ends) - x, 2)
    drawn = f'<rect class=window x="{x:.1f}" y="{_TOP}" width="{width:.1f}" height="{_BOTTOM - _TOP}"/>'
    return drawn + text(x + width / 2, _TOP - 7, line(span.what, 24), "strong", "middle")


def _axes(frame: _Frame) -> str:
    levels = "".join(
        f'<line class=tick x1="{_LEFT}" x2="{_LEFT + _WIDE}" y1="{frame.y(level):.1f}" y2="{frame.y(level):.1f}"/>'
        + text(_LEFT - 8, frame.y(level) + 4, f"{level:g} ms", "soft", "end")
        for level in (part * frame.most for part in _PARTS)
    )
    at = [frame.first + part * (frame.last - frame.first) for part in _PARTS]
    return levels + "".join(text(frame.x(second), _BOTTOM + 15, f"{second:g} s", "soft", "middle") for second in at)


def _lines(curve: Curve, frame: _Frame) -> str:
    middle = [(point.second, point.p50) for point in curve.points]
    return _line("p50", middle, frame) + _line("p99", [(point.second, point.p99) for point in curve.points], frame)


def _line(kind: str, values: list[tuple[float, float | None]], frame: _Frame) -> str:
    """Broken where a second has no value."""
    steps, pen = [], "M"
    for second, value in values:
        if value is not None:
            steps.append(f"{pen}{frame.x(second):.1f} {frame.y(value):.1f}")
        pen = "L" if value is not None else "M"
    last = next((value for _, value in reversed(values) if value is not None), None)
    if last is None:
        return ""
    return f'<path class={kind} d="{"".join(steps)}"/>' + text(
        _LEFT + _WIDE + 6, frame.y(last) + (9 if kind == "p50" else -2), kind, "soft"
    )


def _strip(curve: Curve, frame: _Frame) -> str:
    most = max((point.requests for point in curve.points), default=0.0) or 1.0
    wide = max(frame.x(frame.first + 1) - _LEFT - 1, 1.0)
    bars = []
    for point in curve.points:
        x, high = frame.x(point.second), _STRIP * min(point.requests / most, 1.0)
        bars.append(f'<rect class=wait x="{x:.1f}" y="{_BOTTOM - high:.1f}" width="{wide:.1f}" height="{high:.1f}"/>')
        if point.errors:
            bad = max(_STRIP * min(point.errors / most, 1.0), 2.0)
            box = f'<rect class=bad x="{x:.1f}" y="{_BOTTOM - bad:.1f}" width="{wide:.1f}" height="{bad:.1f}"/>'
            bars.append(box + text(x + wide / 2, _BOTTOM - bad - 3, "✕", "wrong tiny", "middle"))
    return "".join(bars) + text(_LEFT - 8, _BOTTOM - _STRIP + 10, f"{most:g}/s", "soft", "end")


def _table(curve: Curve) -> str:
    rows = [
        (f"{point.second:g}", f"{point.requests:g}", f"{point.errors:g}", _ms(point.p50), _ms(point.p99))
        for point in curve.points
    ]
    return table(curve.says, ("second", "requests", "errors", "p50", "p99"), rows, "numbers")


def _ms(value: float | None) -> str:
    return f"{value:.1f} ms" if value is not None else "none"
