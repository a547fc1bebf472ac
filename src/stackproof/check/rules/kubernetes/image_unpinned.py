"""SR604: an image without a version: each node may run another one, and nobody can go back."""

from collections.abc import Iterator

from stackproof.check.manifests import containers
from stackproof.check.reading import text
from stackproof.model.base_images import reference
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for each in containers(inspected.tree):
        image = text(each.spec.get("image"))
        named = reference(image)
        if image and "$" not in image and not named.digest and named.tag in ("", "latest"):
            yield Sighting(each.at("image"), f"{each.name} runs {image}")


RULE = Rule(
    "SR604-image-unpinned",
    says="An image is named with its version.",
    fix="Name a tag that does not move, or a digest.",
    severity="warning",
    profile="recommended",
    check=_check,
)
