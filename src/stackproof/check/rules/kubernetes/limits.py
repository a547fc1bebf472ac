"""SR602: a container without a memory limit can take the whole node's memory."""

from collections.abc import Iterator

from stackproof.check.manifests import containers
from stackproof.check.reading import node
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for each in containers(inspected.tree):
        resources = node(each.spec.get("resources"))
        if "memory" not in node(resources.get("limits")):
            yield Sighting(each.at("resources"), f"{each.name} has no memory limit")


RULE = Rule(
    "SR602-limits",
    says="Every container has a memory limit.",
    fix="Set resources.limits.memory, and requests for memory and cpu.",
    severity="warning",
    profile="recommended",
    check=_check,
)
