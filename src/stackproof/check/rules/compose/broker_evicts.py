"""SR233: a Redis that holds a queue throws nothing away when it is full."""

from collections.abc import Iterator

from stackproof.check.rules.compose.relations import brokers, option
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in brokers(inspected):
        policy = option(service.words, "--maxmemory-policy")
        if policy not in (None, "noeviction"):
            yield Sighting(
                service.at("command"), f"{service.name} holds tasks, and {policy} throws some away when it is full"
            )


RULE = Rule(
    "SR233-broker-evicts",
    says="A Redis that holds a queue throws nothing away when it is full.",
    fix="Write `--maxmemory-policy noeviction`, and use another Redis as cache.",
    severity="error",
    profile="recommended",
    check=_check,
)
