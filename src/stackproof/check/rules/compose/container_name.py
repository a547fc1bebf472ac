"""SR228: no service has a fixed container name."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if service.spec.get("container_name"):
            yield Sighting(
                service.at("container_name"), f"{service.name} cannot be scaled, nor run beside another copy"
            )


RULE = Rule(
    "SR228-container-name",
    says="No service has a fixed container name.",
    fix="Remove `container_name`; Compose finds the container by the service's name.",
    severity="warning",
    profile="strict",
    check=_check,
)
