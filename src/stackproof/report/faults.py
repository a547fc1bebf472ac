"""What each fault did to each service, from the claims that observed it."""

from collections.abc import Mapping
from dataclasses import dataclass

from stackproof.model.proof import Record
from stackproof.report.observed import Row, number, seconds, with_rows


@dataclass(frozen=True)
class Blow:
    """One fault in one service. Times in seconds after it."""

    claim: str
    fault: str
    service: str
    broke: str
    red: Mapping[str, float]  # when the health of which service turned red
    back: float | None  # None: not by itself
    lost: int

    @property
    def withstood(self) -> bool:
        return self.back is not None and not self.lost


@dataclass(frozen=True)
class Matrix:
    faults: tuple[str, ...]
    services: tuple[str, ...]
    blows: tuple[Blow, ...]

    def at(self, service: str, fault: str) -> tuple[Blow, ...]:
        return tuple(blow for blow in self.blows if (blow.service, blow.fault) == (service, fault))


def matrix(record: Record) -> Matrix:
    blows = tuple(
        _blow(item.claim, row) for item, found in with_rows(record, "rows", "service", "broke", "back") for row in found
    )
    known = [note.name for note in record.services]
    named = list(dict.fromkeys(blow.service for blow in blows))
    services = [name for name in known if name in named] + [name for name in named if name not in known]
    return Matrix(tuple(dict.fromkeys(blow.fault for blow in blows)), tuple(services), blows)


def _blow(claim: str, row: Row) -> Blow:
    return Blow(
        claim=claim,
        fault=claim.partition("-")[2].replace("-", " ") or claim,
        service=str(row["service"]),
        broke=str(row["broke"]),
        red=seconds(row.get("red")),
        back=number(row["back"]),
        lost=int(number(row.get("lost")) or 0),
    )
