"""One piece of evidence as a line that unfolds into how it was measured and the raw output."""

import json
import shlex
from html import escape

from stackproof.model.proof import Evidence, Measurement, Verdict
from stackproof.model.running import Completed

_MOST = 6_000  # characters of a raw output that are worth a reader's scrolling; record.json holds all


def draw(item: Evidence) -> str:
    open_word = " open" if item.verdict is Verdict.REFUTED else ""
    figure = item.measurement.figure if item.measurement else ""
    return (
        f'<details id="{escape(item.claim)}"{open_word}><summary><span class="verdict {item.verdict}">{item.verdict}'
        f"</span><span class=says>{escape(item.says)}</span><span class=figure>{escape(figure)}</span></summary>"
        f"<div class=inside>{_inside(item)}</div></details>"
    )


def _inside(item: Evidence) -> str:
    rows = {"Verdict": item.because, "Limit": item.limit, "Measured": item.measurement.how if item.measurement else ""}
    rows |= {"Claim": item.claim, "Took": f"{item.seconds:.1f} s"}
    cells = "".join(f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in rows.items() if text)
    return f"<table>{cells}</table>{_raw(item.measurement) if item.measurement else ''}"


def _raw(measured: Measurement) -> str:
    observed = json.dumps(measured.observed, indent=1, ensure_ascii=False)
    return f"{_folded('Observed', observed)}{''.join(_command(done) for done in measured.raw)}"


def _command(done: Completed) -> str:
    ended = "ended by our time limit" if done.exit_code is None else f"exit code {done.exit_code}"
    return _folded(
        f"{_short(shlex.join(done.argv))} ({ended}, {done.seconds:.2f} s)",
        "\n".join(part for part in (done.output.rstrip(), done.errors.rstrip()) if part),
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else f"{line[:87]}..."


def _folded(title: str, text: str) -> str:
    cut = f"{text[:_MOST]}\n[{len(text) - _MOST} more characters in record.json]" if len(text) > _MOST else text
    return f"<details><summary><code>{escape(title)}</code></summary><pre>{escape(cut)}</pre></details>"
