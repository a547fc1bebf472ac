"""SR238: workers with several replicas have different node names."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.check.rules.compose.relations import option
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        name = option(service.words, "-n", "--hostname")
        if (
            {"celery", "worker"} <= set(service.words)
            and service.replicas > 1
            and name
            and "%" not in name
            and "$" not in name
        ):
            yield Sighting(service.at("command"), f"{service.replicas} workers are all called {name}")


RULE = Rule(
    "SR238-same-node-name",
    says="Workers with several replicas have different node names.",
    fix="Put `%h` into the name: `-n worker@%h`.",
    severity="warning",
    profile="recommended",
    check=_check,
)
