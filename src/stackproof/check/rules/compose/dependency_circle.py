"""SR262: no services wait for one another in a circle."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import of
from stackproof.check.rules.compose.relations import reached
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        needs = {service.name: tuple(service.needs) for service in of(composition)}
        for service in of(composition):
            if service.name in reached(needs, service.name):
                yield Sighting(service.at("depends_on"), f"{service.name} waits for itself by way of others")


RULE = Rule(
    "SR262-dependency-circle",
    says="No services wait for one another in a circle.",
    fix="Take one of the dependencies out.",
    severity="error",
    profile="recommended",
    check=_check,
)
