"""SR211: every deployed service has a limit of processes."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        if not service.limits.get("pids") and not service.spec.get("pids_limit"):
            yield Sighting(service.at(), f"{service.name} may start processes until the machine has none left")


RULE = Rule(
    "SR211-process-limit",
    says="Every deployed service has a limit of processes.",
    fix="Add `deploy.resources.limits.pids`.",
    severity="info",
    profile="strict",
    check=_check,
)
