"""Who may reach whom, and what happened when it was tried."""

from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.model.proof import Record
from stackproof.report.observed import with_rows

HOST, OUTSIDE = "the host", "outside"


@dataclass(frozen=True)
class Way:
    """`opened` None: it was not tried."""

    begin: str
    to: str
    meant: bool
    opened: bool | None = None

    @property
    def wrong(self) -> bool:
        """Nothing leaves an engine whose machine is offline: a way out that stays closed says nothing."""
        return self.opened is not None and self.opened != self.meant and (self.opened or self.to != OUTSIDE)


def ways(record: Record) -> tuple[Way, ...]:
    """Every pair once, what was tried first."""
    found: dict[tuple[str, str], Way] = {}
    for way in (*_between(record), *_from_host(record), *_shared(record)):
        found.setdefault((way.begin, way.to), way)
    return tuple(found.values())


def tried(record: Record) -> bool:
    return any(way.opened is not None for way in ways(record))


def _between(record: Record) -> Iterator[Way]:
    for _, rows in with_rows(record, "tried", "from", "to", "opened", "meant"):
        yield from (Way(str(row["from"]), str(row["to"]), bool(row["meant"]), bool(row["opened"])) for row in rows)


def _from_host(record: Record) -> Iterator[Way]:
    """Several ports and ways to one service are one way here: a wrong one stands for all, then an open one."""
    for _, rows in with_rows(record, "attempts", "service", "opened", "intended"):
        each = [Way(HOST, str(row["service"]), bool(row["intended"]), bool(row["opened"])) for row in rows]
        yield from sorted(each, key=lambda way: (not way.wrong, not way.opened))


def _shared(record: Record) -> Iterator[Way]:
    here = [note for note in record.services if note.networks and note.name not in record.left_out]
    for note in here:
        for other in here:
            if other.port is not None and other != note:
                yield Way(note.name, other.name, bool(set(note.networks) & set(other.networks)))
