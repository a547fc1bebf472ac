"""SR224: every deployed data store has a volume."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import CACHES, deployed
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        if (
            service.is_store
            and service.image.name not in CACHES
            and not any(service.mounts())
            and not service.spec.get("tmpfs")
        ):
            yield Sighting(service.at(), f"what {service.name} stores goes with its container")


RULE = Rule(
    "SR224-store-without-volume",
    says="Every deployed data store has a volume.",
    fix="Give it a named volume on its data folder.",
    severity="warning",
    profile="recommended",
    check=_check,
)
