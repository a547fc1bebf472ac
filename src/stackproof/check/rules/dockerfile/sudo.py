"""SR129: nothing uses sudo."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile import packages
from stackproof.check.rules.dockerfile.looking import over, runs, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in runs(file):
        if any("sudo" in (*command.words[:1], *packages.system(command)) for command in run.commands):
            yield sighting(run.said, "the image has sudo, or needs it")


RULE = Rule(
    id="SR129-sudo",
    says="Nothing uses sudo.",
    fix="Order the instructions by USER.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
