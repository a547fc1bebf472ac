"""How many claims got which verdict, and what that says in one sentence."""

from collections.abc import Iterable

from stackproof.model.proof import Evidence, Record, Verdict

GROUPS = {"source": "Source", "image": "Image", "running": "Running", "fault": "Faults"}


def counts(evidence: Iterable[Evidence]) -> dict[Verdict, int]:
    found = [item.verdict for item in evidence]
    return {verdict: found.count(verdict) for verdict in Verdict}


def grouped(record: Record) -> list[tuple[str, list[Evidence]]]:
    groups = [(title, [item for item in record.evidence if item.group == group]) for group, title in GROUPS.items()]
    return [(title, items) for title, items in groups if items]


def summary(record: Record) -> str:
    found = counts(record.evidence)
    return ", ".join(f"{number} {verdict}" for verdict, number in found.items())


def verdict(evidence: Iterable[Evidence]) -> Verdict:
    """Of many claims together: one that is refuted decides, then one that holds only as far as was measured."""
    found = {item.verdict for item in evidence}
    return next((one for one in (Verdict.REFUTED, Verdict.UNMEASURED) if one in found), Verdict.PROVED)


def sentence(record: Record) -> str:
    found, total = counts(record.evidence), len(record.evidence)
    refuted, unmeasured = found[Verdict.REFUTED], found[Verdict.UNMEASURED]
    if not found[Verdict.PROVED] and not refuted:
        return "Nothing could be measured: nobody knows whether it holds."
    if refuted:
        return f"{_of(refuted, total)} {'does' if refuted == 1 else 'do'} not hold: measured, and refuted."
    if unmeasured:
        return f"Every promise that was measured holds; {unmeasured} of {total} could not be measured."
    return (
        "The one promise was measured, and holds." if total == 1 else f"All {total} promises were measured, and hold."
    )


def _of(number: int, total: int) -> str:
    return "The one promise" if total == 1 else f"{number} of {total} promises"
