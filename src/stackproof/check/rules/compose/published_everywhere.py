"""SR241: every published port says on which address."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for number, port in service.ports():
            if not port.get("host_ip") and not service.is_store:
                yield Sighting(
                    service.at("ports", number),
                    f"port {text(port.get('target'))} of {service.name} is open on every address",
                )


RULE = Rule(
    "SR241-published-everywhere",
    says="Every published port says on which address.",
    fix="Write the address: `127.0.0.1:8000:8000`, or `0.0.0.0:443:443` where everybody is meant.",
    severity="info",
    profile="strict",
    check=_check,
)
