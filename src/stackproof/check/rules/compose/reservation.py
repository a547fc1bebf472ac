"""SR212: no service reserves more than its limit."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import node, services, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        resources = node(node(service.spec.get("deploy")).get("resources"))
        limits, reserved = node(resources.get("limits")), node(resources.get("reservations"))
        for key in ("memory", "cpus"):
            if key in limits and key in reserved and float(text(reserved[key])) > float(text(limits[key])):
                at = service.at("deploy", "resources", "reservations", key)
                yield Sighting(at, f"{service.name} reserves more {key} than it may use")


RULE = Rule(
    "SR212-reservation-over-limit",
    says="No service reserves more than its limit.",
    fix="Raise the limit, or lower the reservation.",
    severity="error",
    profile="recommended",
    check=_check,
)
