"""SR250: everything that a service names is defined."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import node, services
from stackproof.check.rules.compose.relations import mentioned
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for name, need in service.needs.items():
            if name not in service.composition.services() and need.get("required", True):
                yield Sighting(
                    service.at("depends_on", name), f"{service.name} waits for {name}, and there is no such service"
                )
        for kind in ("volumes", "networks", "secrets", "configs"):
            known = node(service.composition.document.get(kind))
            for name in mentioned(service.spec, kind):
                if name not in known:
                    yield Sighting(service.at(kind), f"{service.name} uses {kind}.{name}, which is not defined")


RULE = Rule(
    "SR250-undefined-reference",
    says="Everything that a service names is defined.",
    fix="Correct the name, or define it.",
    severity="error",
    profile="recommended",
    check=_check,
)
