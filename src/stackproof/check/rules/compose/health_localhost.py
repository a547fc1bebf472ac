"""SR258: health checks name 127.0.0.1 instead of localhost."""

import re
from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if re.search(r"//localhost\b", " ".join(service.check)):
            yield Sighting(
                service.at("healthcheck", "test"), f"localhost may be ::1, where {service.name} may not listen"
            )


RULE = Rule(
    "SR258-health-localhost",
    says="Health checks name 127.0.0.1 instead of localhost.",
    fix="Write 127.0.0.1.",
    severity="info",
    profile="strict",
    check=_check,
)
