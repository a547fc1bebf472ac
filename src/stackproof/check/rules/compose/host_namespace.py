"""SR203: no service shares a namespace of the host."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for key in ("network_mode", "pid", "ipc", "userns_mode", "uts"):
            if service.spec.get(key) == "host":
                yield Sighting(
                    service.at(key), f"{service.name} has {key}: host, so nothing separates it from the host there"
                )


RULE = Rule(
    "SR203-host-namespace",
    says="No service shares a namespace of the host.",
    fix="Remove the key; publish the ports that are needed.",
    severity="warning",
    profile="recommended",
    check=_check,
)
