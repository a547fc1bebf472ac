"""SR230: no service uses links."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if "links" in service.spec:
            yield Sighting(service.at("links"), f"{service.name} reaches services by their names without links")


RULE = Rule(
    "SR230-links",
    says="No service uses links.",
    fix="Remove `links`; add `depends_on` where the order matters.",
    severity="info",
    profile="recommended",
    check=_check,
)
