"""SR263: every service has an image or is built."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if not service.spec.get("image") and not service.built and "provider" not in service.spec:
            yield Sighting(service.at(), f"{service.name} has neither image nor build")


RULE = Rule(
    "SR263-nothing-to-run",
    says="Every service has an image or is built.",
    fix="Add `image` or `build`.",
    severity="error",
    profile="recommended",
    check=_check,
)
