"""SR210: every deployed service has a CPU limit."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        if not service.limits.get("cpus") and not service.spec.get("cpus"):
            yield Sighting(service.at(), f"{service.name} may take every CPU of the machine")


RULE = Rule(
    "SR210-cpu-limit",
    says="Every deployed service has a CPU limit.",
    fix="Add `deploy.resources.limits.cpus`.",
    severity="info",
    profile="strict",
    check=_check,
)
