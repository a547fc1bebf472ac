"""Pieces that every part of the page is made of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from stackproof.model.proof import Verdict

SIGNS: Mapping[Verdict, str] = {Verdict.PROVED: "✓", Verdict.REFUTED: "✕", Verdict.UNMEASURED: "?"}


_CODE = re.compile(r"`([^`]+)`")


def figure(title: str, caption: str, body: str) -> str:
    """A picture or table under its own heading."""
    note = f"<p class=note>{escape(caption)}</p>" if caption else ""
    return f"<div class=figure><h3>{escape(title)}</h3>{note}{body}</div>"


def wide(label: str, body: str) -> str:
    """What is wider than a phone scrolls by itself, also by keyboard."""
    return f'<div class=wide role=region tabindex=0 aria-label="{escape(label)}">{body}</div>'


def svg(width: float, height: float, label: str, body: str) -> str:
    """At most as large as it was drawn, and never so small that its words cannot be read."""
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:{width:.0f}px;min-width:{0.72 * width:.0f}px"'
    return wide(label, f'<svg {size} role=img aria-label="{escape(label)}">{body}</svg>')


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}"{placed}>{escape(words)}</text>'


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """The first cell of each row is its heading. Cells are HTML."""
    top = "".join(f"<th scope=col>{cell}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope=row>{row[0]}</th>{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>" for row in rows
    )
    named = f' class="{kind}"' if kind else ""
    return (
        f"<table{named}><caption class=unseen>{escape(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def said(words: str) -> str:
    """A promise, with what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(words))


def folded(title: str, body: str) -> str:
    return f"<details class=fold><summary>{escape(title)}</summary>{body}</details>"


def chip(verdict: Verdict) -> str:
    return f'<span class="verdict {verdict}"><span aria-hidden=true>{SIGNS[verdict]}</span> {verdict}</span>'


def bar(found: Mapping[Verdict, int], label: str) -> str:
    parts = "".join(f'<i class={verdict} style="flex:{number}"></i>' for verdict, number in found.items() if number)
    return f'<div class=bar role=img aria-label="{escape(label)}">{parts}</div>'


def mb(size: float | None) -> str:
    return f"{(size or 0) / 1e6:.1f} MB"
