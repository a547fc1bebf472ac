"""SR117: the base image has a tag that says its version, or a digest."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import instructions, over, sighting
from stackproof.model import base_images, words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_MOVING = frozenset({"", "latest", "stable", "edge", "nightly", "main", "master"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    above: set[str] = set()
    for stage in file.stages:
        image = base_images.reference(stage.base)
        if stage.base.lower() not in above and "$" not in stage.base and image.name != "scratch" and _moving(image):
            yield Sighting(stage.seen, f"{stage.base} is another image whenever its maker likes")
        above.add(stage.name or "")
    for _, said in instructions(file, "COPY"):
        source = words.copied(said).from_
        if "/" in source and "$" not in source and _moving(base_images.reference(source)):
            yield sighting(said, f"{source} is another image whenever its maker likes")


def _moving(said: base_images.Reference) -> bool:
    """A tag of an official image without any number too (`nginx:alpine`); Debian's are names of releases."""
    if said.digest:
        return False
    unnumbered = said.official not in ("", "debian", "ubuntu") and not any(each.isdigit() for each in said.tag)
    return said.tag in _MOVING or unnumbered


RULE = Rule(
    id="SR117-untagged-base",
    says="The base image has a tag that says its version, or a digest.",
    fix="Write the version, such as `python:3.12-slim-bookworm`.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
