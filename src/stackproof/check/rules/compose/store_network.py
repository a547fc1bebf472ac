"""SR248: data stores are on internal networks only."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed, node
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        networks = node(service.composition.document.get("networks"))
        outside = [name for name in node(service.spec.get("networks")) if not node(networks.get(name)).get("internal")]
        if service.is_store and outside:
            yield Sighting(service.at("networks"), f"{service.name} can reach the internet, by {', '.join(outside)}")


RULE = Rule(
    "SR248-store-network",
    says="Data stores are on internal networks only.",
    fix="Put the store on a network with `internal: true`, shared with the services that use it.",
    severity="info",
    profile="strict",
    check=_check,
)
