"""SR214: no service comes back after it was stopped on purpose."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if service.spec.get("restart") == "always":
            yield Sighting(
                service.at("restart"), f"{service.name} comes back with the engine though somebody stopped it"
            )


RULE = Rule(
    "SR214-restart-always",
    says="No service comes back after it was stopped on purpose.",
    fix="Write `restart: unless-stopped`.",
    severity="info",
    profile="strict",
    check=_check,
)
