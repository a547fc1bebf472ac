"""SR221: the image of a data store names at least its major version."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        image = service.image
        if service.is_store and not image.pinned and not image.tag[:1].isdigit():
            yield Sighting(
                service.at("image"), f"the next pull may bring a {image.name} that cannot read {service.name}'s data"
            )


RULE = Rule(
    "SR221-store-major",
    says="The image of a data store names at least its major version.",
    fix="Name it: `postgres:17`, `redis:8`.",
    severity="error",
    profile="recommended",
    check=_check,
)
