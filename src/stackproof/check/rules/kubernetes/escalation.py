"""SR608: a process in the container may get more rights than it was started with."""

from collections.abc import Iterator

from stackproof.check.manifests import containers
from stackproof.check.reading import node
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for each in containers(inspected.tree):
        context = node(each.spec.get("securityContext"))
        if context.get("privileged") is True:
            yield Sighting(each.at("securityContext", "privileged"), f"{each.name} is privileged")
        elif context.get("allowPrivilegeEscalation") is not False:
            yield Sighting(each.at("securityContext"), f"{each.name} may gain privileges")


RULE = Rule(
    "SR608-escalation",
    says="No process gains rights after its start.",
    fix="Set securityContext.allowPrivilegeEscalation: false, and drop ALL capabilities.",
    severity="warning",
    profile="strict",
    check=_check,
)
