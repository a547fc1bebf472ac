"""SR118: the base image still gets security fixes."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over
from stackproof.model import base_images, support
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in file.stages:
        for software, version in _lines(base_images.reference(stage.base)):
            ends = support.ends(software, version)
            if ends is not None and ends < support.CHECKED:
                yield Sighting(stage.seen, f"{software} {version} of {stage.base} got its last fix on {ends}")


def _lines(said: base_images.Reference) -> Iterator[tuple[str, str]]:
    """The software of the name with the version of its tag, and Debian by the code name in it."""
    number, *more = said.tag.split("-")
    if said.official:
        yield said.official, number
    for each in (number, *more):
        if each in support.CODENAMES:
            yield "debian", support.CODENAMES[each]


RULE = Rule(
    id="SR118-end-of-life-base",
    says="The base image still gets security fixes.",
    fix="Move to a line that its makers support.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
