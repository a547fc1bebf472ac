"""The record as a table for the terminal."""

from collections.abc import Iterator

from stackproof.model.proof import Evidence, Record, Verdict
from stackproof.report.counts import grouped, summary
from stackproof.report.printable import printable

_WORDS = {Verdict.PROVED: "proved", Verdict.REFUTED: "REFUTED", Verdict.UNMEASURED: "unmeasured"}


def render(record: Record) -> str:
    return printable("\n".join(_lines(record)))


def _lines(record: Record) -> Iterator[str]:
    yield f"{record.project} in {record.environment} on {record.runtime} ({record.source})"
    for title, items in grouped(record):
        yield f"\n{title}"
        for item in items:
            yield _line(item)
            if item.verdict is not Verdict.PROVED:
                yield f"             {item.because}"
    if record.unasked:
        yield "\nNot asked"
        yield from (f"  {claim:<34} {why}" for claim, why in record.unasked.items())
    if record.left_out:
        yield "\nLeft out"
        yield from (f"  {name}: {reason}" for name, reason in record.left_out.items())
    if record.notes:
        yield "\nNotes"
        yield from (f"  {note}" for note in record.notes)
    yield f"\n{summary(record)} in {record.seconds:.0f} s"


def _line(item: Evidence) -> str:
    figure = item.measurement.figure if item.measurement else ""
    against = f" (limit {item.limit})" if item.limit else ""
    return f"  {_WORDS[item.verdict]:<10} {item.claim:<34} {figure}{against}".rstrip()
