"""SR603: nothing keeps a pod from running as root."""

from collections.abc import Iterator

from stackproof.check.manifests import Container, containers
from stackproof.check.reading import node
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for each in containers(inspected.tree):
        if not _is_kept_from_root(each):
            yield Sighting(each.at("securityContext"), f"{each.name} may run as root")


def _is_kept_from_root(container: Container) -> bool:
    own, pod = node(container.spec.get("securityContext")), node(container.pod.get("securityContext"))
    user = own.get("runAsUser", pod.get("runAsUser"))
    return own.get("runAsNonRoot", pod.get("runAsNonRoot")) is True or (isinstance(user, int) and user > 0)


RULE = Rule(
    "SR603-non-root",
    says="No container of a pod runs as root.",
    fix="Set securityContext.runAsNonRoot: true and a numeric runAsUser for the pod.",
    severity="warning",
    profile="recommended",
    check=_check,
)
