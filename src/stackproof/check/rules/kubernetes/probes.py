"""SR601: a container that nobody asks whether it is ready gets requests before it can answer."""

from collections.abc import Iterator

from stackproof.check.manifests import containers
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for each in containers(inspected.tree):
        if each.runs_on and each.spec.get("ports") and "readinessProbe" not in each.spec:
            yield Sighting(each.at(), f"{each.name} has ports and no readinessProbe")


RULE = Rule(
    "SR601-probes",
    says="A container that serves has a readiness probe.",
    fix="Add a readinessProbe that asks the application.",
    severity="warning",
    profile="recommended",
    check=_check,
)
