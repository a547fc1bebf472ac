"""SR235: every deployed Redis has a maximum of memory below its container's limit."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import CACHES, deployed
from stackproof.check.rules.compose.relations import option
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        if service.is_store and service.image.name in CACHES and option(service.words, "--maxmemory") is None:
            yield Sighting(service.at(), f"{service.name} is killed when it is full, instead of refusing writes")


RULE = Rule(
    "SR235-redis-unlimited",
    says="Every deployed Redis has a maximum of memory below its container's limit.",
    fix="Add `--maxmemory` with about two thirds of the container's limit.",
    severity="info",
    profile="strict",
    check=_check,
)
