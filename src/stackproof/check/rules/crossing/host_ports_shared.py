"""SR402: two environments publish the same port of the host: only one of them can be up."""

from collections.abc import Iterator

from stackproof.check.environments import pairs
from stackproof.check.reading import nodes, text
from stackproof.model.composition import Composition
from stackproof.model.findings import Inspected, Rule, Sighting
from stackproof.model.source import Place


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for one, other in pairs(inspected):
        taken = _published(one)
        for port, (place, name) in _published(other).items():
            if port in taken:
                yield Sighting(place, f"{name} publishes {port}, as {taken[port][1]} of {one.files[-1]} does")


def _published(composition: Composition) -> dict[str, tuple[Place, str]]:
    found = {}
    for name, spec in composition.services().items():
        for number, port in enumerate(nodes(spec.get("ports"))):
            if text(port.get("published")):
                found[text(port.get("published"))] = (composition.at("services", name, "ports", number), name)
    return found


RULE = Rule(
    "SR402-host-ports-shared",
    says="Environments that may be up together publish different ports.",
    fix="Give each environment ports of its own, or publish nothing but the proxy.",
    severity="warning",
    profile="strict",
    check=_check,
)
