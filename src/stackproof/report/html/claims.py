"""One piece of evidence as a line that unfolds into how it was measured and the raw output."""

import json
import re
import shlex
from html import escape

from stackproof.model.proof import Evidence, Measurement, Verdict
from stackproof.model.running import Completed
from stackproof.report.html.parts import chip, said
from stackproof.report.printable import line

_MOST = 6_000  # characters of a raw output that are worth a reader's scrolling; record.json holds all
_MOST_COMMANDS = 12
_WHY = re.compile(r"^## Why\n+(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)


def draw(item: Evidence, page: str) -> str:
    open_word = " open" if item.verdict is Verdict.REFUTED else ""
    figure = item.measurement.figure if item.measurement else ""
    return (
        f'<details class=claim id="{escape(item.claim)}"{open_word}><summary>{chip(item.verdict)}'
        f"<span class=says>{said(item.says)}</span><span class=value>{escape(figure)}</span></summary>"
        f"<div class=inside>{_inside(item, page)}</div></details>"
    )


def _inside(item: Evidence, page: str) -> str:
    rows = {"Verdict": item.because, "Limit": item.limit, "Measured": item.measurement.how if item.measurement else ""}
    rows |= {"Meanwhile": "; ".join(each.said for each in item.disturbances), "Why": _why(page)}
    rows |= {"Claim": f"{item.claim}, took {item.seconds:.1f} s"}
    pairs = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in rows.items() if text)
    return f"<dl>{pairs}</dl>{_raw(item.measurement) if item.measurement else ''}"


def _why(page: str) -> str:
    found = _WHY.search(page)
    return line(found[1].replace("`", "")) if found else ""


def _raw(measured: Measurement) -> str:
    observed = json.dumps(measured.observed, indent=1, ensure_ascii=False)
    more = len(measured.raw) - _MOST_COMMANDS
    rest = f"<p class=note>{more} more commands in record.json</p>" if more > 0 else ""
    commands = "".join(_command(done) for done in measured.raw[:_MOST_COMMANDS])
    return f"{_folded('Observed', observed)}{commands}{rest}"


def _command(done: Completed) -> str:
    ended = "ended by our time limit" if done.exit_code is None else f"exit code {done.exit_code}"
    return _folded(
        f"{line(shlex.join(done.argv), 90)} ({ended}, {done.seconds:.2f} s)",
        "\n".join(part for part in (done.output.rstrip(), done.errors.rstrip()) if part),
    )


def _folded(title: str, text: str) -> str:
    cut = f"{text[:_MOST]}\n[{len(text) - _MOST} more characters in record.json]" if len(text) > _MOST else text
    label = f'tabindex=0 role=region aria-label="{escape(line(title, 60))}"'
    return (
        f"<details class=fold><summary><code>{escape(title)}</code></summary><pre {label}>{escape(cut)}</pre></details>"
    )
