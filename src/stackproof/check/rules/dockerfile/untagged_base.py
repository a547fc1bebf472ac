"""SR117: the base image has a tag that says its version, or a digest."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over
from stackproof.model import base_images
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_MOVING = frozenset({"", "latest", "stable", "edge", "nightly", "main", "master"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    above: set[str] = set()
    for stage in file.stages:
        said = base_images.reference(stage.base)
        known = stage.base.lower() in above or "$" in stage.base or said.name == "scratch" or said.digest
        if not known and said.tag in _MOVING:
            yield Sighting(stage.seen, f"{stage.base} is another image whenever its maker likes")
        above.add(stage.name or "")


RULE = Rule(
    id="SR117-untagged-base",
    says="The base image has a tag that says its version, or a digest.",
    fix="Write the version, such as `python:3.12-slim-bookworm`.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
