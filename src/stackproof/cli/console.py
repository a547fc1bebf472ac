"""The only printer: progress of long work, live on a terminal and as plain lines elsewhere."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from stackproof.model.work import Note, Progress

_MARKS = {"begun": "..", "going": "  ", "done": "ok", "failed": "!!"}
_STYLES = {"begun": "cyan", "going": "dim", "done": "green", "failed": "red"}

_COLOUR = re.compile(r"\x1b\[[\d;]*m")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def say(text: str) -> None:
    """A result, on standard output."""
    print(clean(text))


def say_raw(text: str) -> None:
    """What a service wrote, with its own colours."""
    print(text, flush=True)


def clean(text: str) -> str:
    """Without what would move a terminal's cursor or change its title: names and logs come from anywhere."""
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], _COLOUR.sub("", text))


def warn(text: str) -> None:
    """Something the user should know, on standard error."""
    print(clean(text), file=sys.stderr)


@contextmanager
def progress(*, quiet: bool) -> Iterator[Note]:
    """A note to hand to long work. All of it goes to standard error, so that `--json` stays clean."""
    if quiet:
        yield _nothing
    elif sys.stderr.isatty():
        with _live() as note:
            yield note
    else:
        yield _plain


def _nothing(_step: Progress) -> None:
    return


def _plain(step: Progress) -> None:
    """One line a step; the running text of builders is left out, their ends are not."""
    if step.state != "going":
        ahead = f" ({step.ahead})" if step.ahead else ""
        line = clean(f"{_MARKS[step.state]} {step.stage} {step.about}: {step.text}{ahead}")
        print(line, file=sys.stderr, flush=True)


@contextmanager
def _live() -> Iterator[Note]:
    """A table with one row for each thing that is being worked on, redrawn in place; ended rows stay."""
    from rich.console import Console
    from rich.live import Live
    from rich.table import Table
    from rich.text import Text

    rows: dict[tuple[str, str], Progress] = {}
    ahead = ""

    def draw() -> Table:
        table = Table.grid(padding=(0, 2))
        for step in list(rows.values())[-28:]:
            mark = Text(_MARKS[step.state], style=_STYLES[step.state])
            table.add_row(
                mark,
                step.stage,
                Text(clean(step.about), style="bold"),
                Text(clean(step.text)[:100], overflow="ellipsis", no_wrap=True),
            )
        if ahead:
            table.add_row()
            table.add_row("", "", Text("ahead", style="bold"), Text(clean(ahead)))
        return table

    with Live(draw(), console=Console(stderr=True), refresh_per_second=8) as live:

        def note(step: Progress) -> None:
            nonlocal ahead
            ahead = step.ahead or ahead
            rows[step.stage, step.about] = step
            live.update(draw())

        yield note
