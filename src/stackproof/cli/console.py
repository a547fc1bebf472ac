"""The only printer: progress of long work, live on a terminal and as plain lines elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from stackproof.model.work import Note, Progress

_MARKS = {"begun": "..", "going": "  ", "done": "ok", "failed": "!!"}
_STYLES = {"begun": "cyan", "going": "dim", "done": "green", "failed": "red"}


def say(text: str) -> None:
    """A result, on standard output."""
    print(text)


def warn(text: str) -> None:
    """Something the user should know, on standard error."""
    print(text, file=sys.stderr)


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
        print(f"{_MARKS[step.state]} {step.stage} {step.about}: {step.text}", file=sys.stderr, flush=True)


@contextmanager
def _live() -> Iterator[Note]:
    """A table with one row for each thing that is being worked on, redrawn in place; ended rows stay."""
    from rich.console import Console
    from rich.live import Live
    from rich.table import Table
    from rich.text import Text

    rows: dict[tuple[str, str], Progress] = {}

    def draw() -> Table:
        table = Table.grid(padding=(0, 2))
        for step in list(rows.values())[-30:]:
            mark = Text(_MARKS[step.state], style=_STYLES[step.state])
            table.add_row(mark, step.stage, Text(step.about, style="bold"), Text(step.text[:100], overflow="ellipsis"))
        return table

    with Live(draw(), console=Console(stderr=True), refresh_per_second=8) as live:

        def note(step: Progress) -> None:
            rows[step.stage, step.about] = step
            live.update(draw())

        yield note
