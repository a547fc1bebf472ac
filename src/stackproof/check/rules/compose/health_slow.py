"""SR259: those that others wait for are asked for their health often while they start."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import node, of, seconds
from stackproof.model.findings import Inspected, Rule, Sighting

_LONGEST, _DEFAULT = 15.0, 30.0


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        awaited = {
            name
            for service in of(composition)
            for name, need in service.needs.items()
            if need.get("condition") == "service_healthy"
        }
        for service in of(composition):
            health = node(service.spec.get("healthcheck"))
            interval = seconds(health.get("interval")) or _DEFAULT
            if service.name in awaited and service.check and interval > _LONGEST and not health.get("start_interval"):
                yield Sighting(
                    service.at("healthcheck"),
                    f"others wait {interval:g} s for {service.name} though it may be ready after one",
                )


RULE = Rule(
    "SR259-health-slow",
    says="Those that others wait for are asked for their health often while they start.",
    fix="Add `start_period: 60s` and `start_interval: 1s`, or `interval: 5s`.",
    severity="warning",
    profile="recommended",
    check=_check,
)
