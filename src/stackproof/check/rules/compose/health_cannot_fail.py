"""SR255: every health check can fail."""

import re
from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting

_ALWAYS = re.compile(r"(\|\||;)\s*(true|exit 0|:|echo\b[^|&;]*)\s*$|^\s*(true|exit 0|:|echo\b[^|&;]*)\s*$")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if service.check and _ALWAYS.search(" ".join(service.check)):
            yield Sighting(service.at("healthcheck", "test"), f"the health check of {service.name} always succeeds")


RULE = Rule(
    "SR255-health-cannot-fail",
    says="Every health check can fail.",
    fix="Remove what turns a failure into success: `|| true`, `; exit 0`.",
    severity="error",
    profile="recommended",
    check=_check,
)
