"""SR252: services of the project wait until their stores are healthy."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.check.rules.compose.relations import store_of
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for name, need in service.needs.items():
            store = store_of(service, name)
            if service.built and store and store.check and need.get("condition") == "service_started":
                yield Sighting(
                    service.at("depends_on", name),
                    f"{service.name} starts before {name} answers, though {name} has a health check",
                )


RULE = Rule(
    "SR252-gate-on-start",
    says="Services of the project wait until their stores are healthy.",
    fix="Write `depends_on: {NAME: {condition: service_healthy}}`.",
    severity="warning",
    profile="recommended",
    check=_check,
)
