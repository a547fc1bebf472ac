"""SR236: no worker with several replicas brings a scheduler of its own."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        words = service.words
        if "celery" in words and "worker" in words and {"-B", "--beat"} & set(words) and service.replicas > 1:
            yield Sighting(
                service.at("command"),
                f"each of the {service.replicas} containers of {service.name} sends every periodic task",
            )


RULE = Rule(
    "SR236-beat-in-workers",
    says="No worker with several replicas brings a scheduler of its own.",
    fix="Take `-B` out, and run `celery beat` as a service with one replica.",
    severity="error",
    profile="recommended",
    check=_check,
)
