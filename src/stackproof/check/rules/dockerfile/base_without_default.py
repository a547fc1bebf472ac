"""SR153: a base image can be built without arguments."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in file.stages:
        if "$" in stage.base:
            yield Sighting(stage.seen, f"{stage.written} is nothing until the build is given an argument")


RULE = Rule(
    id="SR153-base-without-default",
    says="A base image can be built without arguments.",
    fix="Give the ARG a default.",
    severity="info",
    profile="strict",
    check=over(_look),
)
