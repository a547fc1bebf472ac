"""How many claims got which verdict, and in what order they are shown."""

from stackproof.model.proof import Evidence, Record, Verdict

GROUPS = {"source": "Source", "image": "Image", "running": "Running", "fault": "Faults"}


def counts(record: Record) -> dict[Verdict, int]:
    return {verdict: sum(item.verdict is verdict for item in record.evidence) for verdict in Verdict}


def grouped(record: Record) -> list[tuple[str, list[Evidence]]]:
    groups = [(title, [item for item in record.evidence if item.group == group]) for group, title in GROUPS.items()]
    return [(title, items) for title, items in groups if items]


def summary(record: Record) -> str:
    found = counts(record)
    return ", ".join(f"{number} {verdict}" for verdict, number in found.items())
