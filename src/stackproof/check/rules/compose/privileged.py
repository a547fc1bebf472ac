"""SR201: no service is privileged."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if service.spec.get("privileged"):
            yield Sighting(service.at("privileged"), f"{service.name} is privileged: root in it is root on the host")


RULE = Rule(
    "SR201-privileged",
    says="No service is privileged.",
    fix="Remove `privileged`; give the one capability or device that is needed with `cap_add` or `devices`.",
    severity="error",
    profile="recommended",
    check=_check,
)
