"""SR112: a health check asks 127.0.0.1, not localhost."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import bases, instructions, over, probing, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_ADDRESS = re.compile(r"(?:://|^)localhost(?=[:/]|$)")
_BUSYBOX = frozenset({"wget", "nc"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage, said in instructions(file, "HEALTHCHECK"):
        if "alpine" not in bases(file)[stage.index]:
            continue
        for command in probing(said):
            if command.program in _BUSYBOX and any(_ADDRESS.search(each) for each in command.arguments):
                yield sighting(said, f"{command.program} of BusyBox asks ::1 for localhost, and nothing else")


RULE = Rule(
    id="SR112-health-localhost",
    says="A health check asks 127.0.0.1, not localhost.",
    fix="Write 127.0.0.1.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
