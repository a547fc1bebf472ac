"""SR234: a Redis that holds a queue writes it to disk."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import is_development
from stackproof.check.rules.compose.relations import brokers, option
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in brokers(inspected):
        if option(service.words, "--appendonly") != "yes" and not is_development(service.composition):
            yield Sighting(service.at(), f"{service.name} loses queued tasks when it is restarted")


RULE = Rule(
    "SR234-broker-forgets",
    says="A Redis that holds a queue writes it to disk.",
    fix="Add `--appendonly yes` to its command and a volume on /data.",
    severity="warning",
    profile="recommended",
    check=_check,
)
