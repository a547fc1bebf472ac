"""SR229: no service with a fixed container name has several replicas."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if service.spec.get("container_name") and service.replicas > 1:
            yield Sighting(
                service.at("container_name"),
                f"{service.name} wants {service.replicas} containers of one name: up fails",
            )


RULE = Rule(
    "SR229-named-and-scaled",
    says="No service with a fixed container name has several replicas.",
    fix="Remove `container_name`.",
    severity="error",
    profile="recommended",
    check=_check,
)
