"""The proofs of this stack so far: a column each, and what has changed since the one before."""

from collections.abc import Iterator
from html import escape

from stackproof.model.proof import Past, Record
from stackproof.report.html.parts import folded, mb, svg, table, text
from stackproof.report.past import changes, kept

_COLUMN, _HIGH, _LEFT = 26, 130, 40  # user units


def draw(record: Record) -> Iterator[str]:
    if not record.history:
        return
    proofs = kept(record)
    yield '<section id="history" aria-labelledby="history-asks"><div class=title><h2 id="history-asks">'
    yield f"How was it before?</h2><p>{len(proofs)} proofs</p></div><p class=note>{escape(_since(record))} "
    yield "Full: proved. Pale with a dashed edge: unmeasured. ✕ and a number below: refuted.</p>"
    yield _columns(proofs)
    yield folded("the same as a table", _table(proofs)) + "</section>"


def _since(record: Record) -> str:
    newly, repaired = changes(record)
    said = [
        f"{what}: {', '.join(names)}." for what, names in (("Newly refuted", newly), ("Holds again", repaired)) if names
    ]
    return f"Since {_day(record.history[-1])}: {' '.join(said) or 'nothing was newly refuted or repaired.'}"


def _columns(proofs: tuple[Past, ...]) -> str:
    most = max(_all(one) for one in proofs) or 1
    drawn = "".join(_column(one, place, _HIGH / most) for place, one in enumerate(proofs))
    axis = text(_LEFT - 8, 14, str(most), "soft", "end") + text(_LEFT - 8, _HIGH + 8, "0", "soft", "end")
    label = "; ".join(f"{_day(one)}: {_words(one)}" for one in proofs)
    width = max(_LEFT + _COLUMN * len(proofs) + 70, 260)
    last = text(_LEFT + _COLUMN * (len(proofs) - 1), _HIGH + 37, "this proof", "soft")
    return svg(width, _HIGH + 43, label, drawn + axis + last)


def _column(one: Past, place: int, scale: float) -> str:
    x, down, boxes = _LEFT + place * _COLUMN, _HIGH + 8.0, ""
    for kind, number in (("bad", len(one.refuted)), ("ready", one.proved), ("unknown", one.unmeasured)):
        high = number * scale
        down -= high
        if number:
            boxes += f'<rect class={kind} x="{x}" y="{down:.1f}" width="{_COLUMN - 6}" height="{high:.1f}"/>'
    if one.refuted:
        boxes += text(x + (_COLUMN - 6) / 2, _HIGH + 21, f"✕{len(one.refuted)}", "tiny", "middle")
    return f"<g><title>{escape(f'{_day(one)}: {_words(one)}')}</title>{boxes}</g>"


def _table(proofs: tuple[Past, ...]) -> str:
    rows = [
        (
            escape(_day(one)), escape(one.source), str(one.proved), str(one.unmeasured),
            escape(", ".join(one.refuted)) or "none",
            mb(one.image_bytes) if one.image_bytes is not None else "",
            f"{one.ready_seconds:.1f} s" if one.ready_seconds is not None else "", f"{one.seconds:.0f} s",
        )
        for one in reversed(proofs)
    ]  # fmt: skip
    head = ("begun", "source", "proved", "unmeasured", "refuted", "image", "all healthy", "took")
    return f"<div class=wide role=region tabindex=0 aria-label=Proofs>{table('Proofs, newest first', head, rows)}</div>"


def _words(one: Past) -> str:
    return f"{one.proved} proved, {len(one.refuted)} refuted, {one.unmeasured} unmeasured"


def _all(one: Past) -> int:
    return one.proved + one.unmeasured + len(one.refuted)


def _day(one: Past) -> str:
    return one.begun.replace("T", " ")[:16]
