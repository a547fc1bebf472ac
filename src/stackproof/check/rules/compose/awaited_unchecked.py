"""SR253: a store that a service of the project waits for has a health check."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.check.rules.compose.relations import store_of
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for name, need in service.needs.items():
            store = store_of(service, name)
            if service.built and store and not store.check and need.get("condition") == "service_started":
                yield Sighting(
                    service.at("depends_on", name),
                    f"nothing tells {service.name} when {name} is ready: it has no health check",
                )


RULE = Rule(
    "SR253-awaited-unchecked",
    says="A store that a service of the project waits for has a health check.",
    fix="Add a `healthcheck` to the store, and wait with `condition: service_healthy`.",
    severity="warning",
    profile="recommended",
    check=_check,
)
