"""SR315: a published port, or a health check, asks at a port on which the service's server does not listen."""

import re
from collections.abc import Iterator

from stackproof.check.own_code import serving
from stackproof.check.reading import nodes, whole
from stackproof.check.services import Service
from stackproof.model.findings import Inspected, Rule, Sighting

_ASKED = re.compile(r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d{2,5})\b")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service, found in serving(inspected):
        if found.port is None:
            continue
        listens = f"and {found.program} listens on {found.port}"
        published = nodes(service.spec.get("ports"))
        targets = {number: whole(each.get("target")) for number, each in enumerate(published)}
        if targets and found.port not in targets.values():
            yield Sighting(service.at("ports", 0), f"{service.name} publishes {_named(targets)}, {listens}")
        for port in _asked(service):
            if port != found.port and port not in targets.values():
                yield Sighting(
                    service.at("healthcheck", "test"), f"the health check of {service.name} asks at {port}, {listens}"
                )


def _asked(service: Service) -> set[int]:
    return {int(port) for port in _ASKED.findall(" ".join(service.health))}


def _named(targets: dict[int, int | None]) -> str:
    return ", ".join(str(port) for port in targets.values())


RULE = Rule(
    "SR315-port-not-served",
    says="Published ports and health checks name the port on which the server listens.",
    fix="Use the same port in the server's command, in `ports` and in the health check.",
    severity="error",
    profile="recommended",
    check=_check,
)
