"""SR256: a health check by curl fails on an answer of failure."""

import re
from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting

_FAILS = re.compile(r"-[a-zA-Z]*f[a-zA-Z]*|--fail(-with-body)?")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        words = " ".join(service.check).split()
        looks = "|" in " ".join(words).replace("||", "") or "-w" in words
        if (
            any(each.endswith("curl") for each in words)
            and not looks
            and not any(_FAILS.fullmatch(each) for each in words)
        ):
            yield Sighting(
                service.at("healthcheck", "test"), f"curl in the health check of {service.name} succeeds on 500, too"
            )


RULE = Rule(
    "SR256-health-curl",
    says="A health check by curl fails on an answer of failure.",
    fix="Add `-f`.",
    severity="error",
    profile="recommended",
    check=_check,
)
