"""Service by fault: what broke, what turned red, what came back and when, what was lost."""

from html import escape

from stackproof.model.proof import Record
from stackproof.report.faults import Blow, matrix
from stackproof.report.html.parts import figure, table, wide

_CAPTION = (
    "Times in seconds after the fault. ✓ came back by itself and lost nothing; ✕ did not come back, or lost something; "
    "an empty field was not tried."
)


def draw(record: Record) -> str:
    found = matrix(record)
    if not found.blows:
        return ""
    title = "Every fault in every service"
    rows = [
        [escape(service), *("".join(_blow(blow) for blow in found.at(service, fault)) for fault in found.faults)]
        for service in found.services
    ]
    head = ("service", *(escape(fault) for fault in found.faults))
    return figure(title, _CAPTION, wide(title, table(title, head, rows, "matrix faults")))


def _blow(blow: Blow) -> str:
    kind, sign = ("proved", "✓") if blow.withstood else ("refuted", "✕")
    back = f"back after {blow.back:.1f} s" if blow.back is not None else "did not come back"
    lost = f", {blow.lost} lost" if blow.lost else ""
    red = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in blow.red.items())
    small = "".join(f"<small>{escape(part)}</small>" for part in (blow.broke, f"red: {red}" if red else "") if part)
    return f"<div class=blow><b class={kind}>{sign} {back}{lost}</b>{small}</div>"
