"""SR607: the liveness probe asks what the readiness probe asks: a database that is away restarts every pod."""

from collections.abc import Iterator

from stackproof.check.manifests import containers
from stackproof.check.reading import node
from stackproof.model.findings import Inspected, Rule, Sighting

_KINDS = ("httpGet", "exec", "grpc")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for each in containers(inspected.tree):
        live, ready = node(each.spec.get("livenessProbe")), node(each.spec.get("readinessProbe"))
        if any(live.get(kind) and live.get(kind) == ready.get(kind) for kind in _KINDS):
            yield Sighting(each.at("livenessProbe"), f"{each.name} is restarted whenever it is not ready")


RULE = Rule(
    "SR607-liveness-as-readiness",
    says="Being alive and being ready are asked apart.",
    fix="Let the liveness probe ask the process alone, and the readiness probe what it depends on.",
    severity="warning",
    profile="strict",
    check=_check,
)
