"""SR251: no service waits for one that its profiles leave out."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import node, services, texts
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for name, need in service.needs.items():
            hidden = set(texts(node(service.composition.services().get(name)).get("profiles")))
            own = set(texts(service.spec.get("profiles")))
            if hidden and need.get("required", True) and (not own or not own <= hidden):
                yield Sighting(
                    service.at("depends_on", name),
                    f"{name} has profiles, and {service.name} is started without them: up fails",
                )


RULE = Rule(
    "SR251-hidden-dependency",
    says="No service waits for one that its profiles leave out.",
    fix="Give both the same profiles, or take the profiles of the one that is waited for away.",
    severity="error",
    profile="recommended",
    check=_check,
)
