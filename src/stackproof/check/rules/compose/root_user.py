"""SR208: no service is made to run as root."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import COLLECTORS, services, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        user = text(service.spec.get("user")).partition(":")[0]
        if user in ("0", "root") and service.image.name not in COLLECTORS:
            yield Sighting(service.at("user"), f"{service.name} runs as root")


RULE = Rule(
    "SR208-root-user",
    says="No service is made to run as root.",
    fix="Take `user` out, or give the number of a user other than 0.",
    severity="error",
    profile="recommended",
    check=_check,
)
