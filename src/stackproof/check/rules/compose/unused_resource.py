"""SR249: every volume, network, secret and config is used by a service."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import node, of
from stackproof.check.rules.compose.relations import mentioned
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        for kind in ("volumes", "networks", "secrets", "configs"):
            used = {name for service in of(composition) for name in mentioned(service.spec, kind)}
            for name in node(composition.document.get(kind)):
                if name not in used and name != "default":
                    yield Sighting(composition.at(kind, name), f"no service uses {kind}.{name}")


RULE = Rule(
    "SR249-unused-resource",
    says="Every volume, network, secret and config is used by a service.",
    fix="Remove it, or give it to the service that it was meant for.",
    severity="warning",
    profile="recommended",
    check=_check,
)
