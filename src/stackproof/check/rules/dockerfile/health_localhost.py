"""SR112: a health check asks 127.0.0.1, not localhost."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import instructions, over, probing, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_ADDRESS = re.compile(r"(?:://|^)localhost(?=[:/]|$)")


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for _, said in instructions(file, "HEALTHCHECK"):
        if any(_ADDRESS.search(each) for command in probing(said) for each in command.arguments):
            yield sighting(said, "the probe asks localhost, which is ::1 first in some images")


RULE = Rule(
    id="SR112-health-localhost",
    says="A health check asks 127.0.0.1, not localhost.",
    fix="Write 127.0.0.1.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
