"""SR604: an image without a version: each node may run another one, and nobody can go back."""

from collections.abc import Iterator

from stackproof.check.base_tools import name_and_tag
from stackproof.check.manifests import containers
from stackproof.check.reading import text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for each in containers(inspected.tree):
        image = text(each.spec.get("image"))
        if image and "@" not in image and "$" not in image and name_and_tag(image.rpartition("/")[2])[1] == "latest":
            yield Sighting(each.at("image"), f"{each.name} runs {image}")


RULE = Rule(
    "SR604-image-unpinned",
    says="An image is named with its version.",
    fix="Name a tag that does not move, or a digest.",
    severity="warning",
    profile="recommended",
    check=_check,
)
