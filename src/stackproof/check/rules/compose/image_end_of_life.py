"""SR220: every image is of a line that still gets security fixes."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model import support
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        image = service.image
        tag = image.tag.partition("-")[0]
        last = None if service.built else support.ends(image.name, tag)
        if last and last < support.CHECKED:
            yield Sighting(service.at("image"), f"{image.name} {tag} has had no security fixes since {last}")


RULE = Rule(
    "SR220-image-end-of-life",
    says="Every image is of a line that still gets security fixes.",
    fix="Change to a line that is supported; read its notes on how to carry the data over.",
    severity="warning",
    profile="recommended",
    check=_check,
)
