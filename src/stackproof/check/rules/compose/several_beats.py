"""SR237: the scheduler runs once."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if {"celery", "beat"} <= set(service.words) and service.replicas > 1:
            yield Sighting(
                service.at(), f"{service.name} runs {service.replicas} times, so each periodic task is sent as often"
            )


RULE = Rule(
    "SR237-several-beats",
    says="The scheduler runs once.",
    fix="Give it one replica.",
    severity="error",
    profile="recommended",
    check=_check,
)
