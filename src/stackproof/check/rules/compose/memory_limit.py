"""SR209: every deployed service has a memory limit."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        if not service.limits.get("memory") and not service.spec.get("mem_limit"):
            yield Sighting(service.at(), f"{service.name} may take all memory of the machine")


RULE = Rule(
    "SR209-memory-limit",
    says="Every deployed service has a memory limit.",
    fix="Add `deploy.resources.limits.memory` with what it needs at its busiest, and a margin.",
    severity="warning",
    profile="recommended",
    check=_check,
)
