"""SR240: no data store is open to the network."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import is_local, services
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for number, port in service.ports():
            if service.is_store and not is_local(port):
                yield Sighting(
                    service.at("ports", number), f"{service.name} is published on every address of the machine"
                )


RULE = Rule(
    "SR240-store-published",
    says="No data store is open to the network.",
    fix="Remove `ports`: other services reach it by its name. For your own tools publish it on 127.0.0.1.",
    severity="warning",
    profile="recommended",
    check=_check,
)
