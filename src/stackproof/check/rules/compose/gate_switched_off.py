"""SR254: what others wait for to be healthy has not its health check switched off."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import node, services, texts
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for name, need in service.needs.items():
            health = node(node(service.composition.services().get(name)).get("healthcheck"))
            off = health.get("disable") or texts(health.get("test"))[:1] == ("NONE",)
            if off and need.get("condition") == "service_healthy":
                yield Sighting(
                    service.at("depends_on", name),
                    f"{service.name} waits until {name} is healthy, whose health check is switched off",
                )


RULE = Rule(
    "SR254-gate-switched-off",
    says="What others wait for to be healthy has not its health check switched off.",
    fix="Remove `disable: true`, or wait with another condition.",
    severity="error",
    profile="recommended",
    check=_check,
)
