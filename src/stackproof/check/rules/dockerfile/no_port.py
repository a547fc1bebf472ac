"""SR136: EXPOSE names ports that exist."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, sighting, walked
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_PORT = re.compile(r"(\d+)(?:-(\d+))?(?:/(?:tcp|udp|sctp))?", re.IGNORECASE | re.ASCII)


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for seen in (each for stage in walked(file) for each in stage if each.said.keyword == "EXPOSE"):
        if "$" in seen.said.words:
            continue
        for port in seen.said.words.split():
            found = _PORT.fullmatch(port)
            if not found or not all(0 < int(each[:9]) <= 65535 for each in found.groups() if each):
                yield sighting(seen.said, f"{port} is no port")


RULE = Rule(
    id="SR136-no-port",
    says="EXPOSE names ports that exist.",
    fix="Write a number from 1 to 65535, and tcp or udp.",
    severity="error",
    profile="recommended",
    check=over(_look),
)
