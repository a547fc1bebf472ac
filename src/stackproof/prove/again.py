"""A stored record, judged again: with limits of its own or with others, and without measuring anything."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from stackproof.model.proof import Claim, Evidence, Record, Verdict
from stackproof.model.stack import Bounds
from stackproof.prove import disturbed


def judged(record: Record, claims: Iterable[Claim], bounds: Bounds) -> Record:
    """The same measurements, held against `bounds`. What was never measured stays as it was."""
    known = {claim.id: claim for claim in claims}
    return replace(record, bounds=bounds, evidence=tuple(_judged(item, known, bounds) for item in record.evidence))


def _judged(item: Evidence, known: Mapping[str, Claim], bounds: Bounds) -> Evidence:
    if item.measurement is None:
        return item
    if item.claim not in known:
        return _unknown(item, "this version of stackproof has no such claim")
    try:
        judgement = known[item.claim].judge(item.measurement, bounds)
    except KeyError as missing:  # measured by a version whose measurement held something else
        return _unknown(item, f"the stored measurement holds no {missing}, which this version judges by: measure again")
    final = disturbed.weighed(judgement, item.group, item.measurement, item.disturbances)
    return replace(item, verdict=final.verdict, because=final.because, limit=final.limit, excused=final.excused)


def _unknown(item: Evidence, why: str) -> Evidence:
    because = f"{why}; it was {item.verdict}"
    return replace(item, verdict=Verdict.UNMEASURED, because=because, limit="", excused=False)
