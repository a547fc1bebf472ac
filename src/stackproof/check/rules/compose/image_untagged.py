"""SR219: every image that is pulled has a tag other than latest."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        image = service.image
        if (
            image.name
            and not service.built
            and not image.pinned
            and image.tag in ("", "latest")
            and not service.is_store
        ):
            yield Sighting(
                service.at("image"), f"{service.name} runs whatever {image.name}:latest is on the day of the pull"
            )


RULE = Rule(
    "SR219-image-untagged",
    says="Every image that is pulled has a tag other than latest.",
    fix="Name the version: `nginx:1.30`.",
    severity="warning",
    profile="recommended",
    check=_check,
)
