"""SR206: every service drops all capabilities first."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services, texts
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if "ALL" not in [each.upper() for each in texts(service.spec.get("cap_drop"))]:
            yield Sighting(service.at(), f"{service.name} keeps the engine's fourteen default capabilities")


RULE = Rule(
    "SR206-capabilities-kept",
    says="Every service drops all capabilities first.",
    fix="Add `cap_drop: [ALL]`, and to `cap_add` the few that it needs.",
    severity="warning",
    profile="strict",
    check=_check,
)
