"""A proof in short, to be kept for the next one's report."""

from stackproof.model.proof import Past, Record, Verdict
from stackproof.report.counts import counts
from stackproof.report.starts import all_healthy

MOST = 30  # proofs that are kept


def past(record: Record) -> Past:
    found = counts(record.evidence)
    return Past(
        begun=record.begun,
        source=record.source,
        seconds=record.seconds,
        proved=found[Verdict.PROVED],
        unmeasured=found[Verdict.UNMEASURED],
        refuted=tuple(item.claim for item in record.evidence if item.verdict is Verdict.REFUTED),
        image_bytes=record.image.size if record.image else None,
        ready_seconds=all_healthy(record),
    )


def kept(record: Record) -> tuple[Past, ...]:
    """What the next proof is given, this one included."""
    return (*record.history, past(record))[-MOST:]


def changes(record: Record) -> tuple[list[str], list[str]]:
    """Claims that are refuted now and were not by the proof before this one; and those that were, and hold now."""
    if not record.history:
        return [], []
    before, now = record.history[-1].refuted, past(record).refuted
    hold = {item.claim for item in record.evidence if item.verdict is Verdict.PROVED}
    return [claim for claim in now if claim not in before], [claim for claim in before if claim in hold]
