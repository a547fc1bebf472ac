"""SR609: a Service selects pods that no workload makes: it has no endpoints."""

from collections.abc import Iterator

from stackproof.check.manifests import Manifest, manifests
from stackproof.check.reading import Node, node
from stackproof.model.findings import Inspected, Rule, Sighting

_TEMPLATES = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def _check(inspected: Inspected) -> Iterator[Sighting]:
    found = manifests(inspected.tree)
    labels = [_labels(each) for each in found if each.kind in (*_TEMPLATES, "Pod")]
    for each in found if labels else ():
        selector = node(node(each.document.get("spec")).get("selector")) if each.kind == "Service" else {}
        if selector and not any(selector.items() <= known.items() for known in labels):
            said = ", ".join(f"{key}: {value}" for key, value in selector.items())
            yield Sighting(each.at("spec", "selector"), f"no workload has pods with {said}")


def _labels(manifest: Manifest) -> Node:
    spec = manifest.document
    if manifest.kind != "Pod":
        spec = node(node(spec.get("spec")).get("template"))
    return node(node(spec.get("metadata")).get("labels"))


RULE = Rule(
    "SR609-selector-unmatched",
    says="A Service selects pods that exist.",
    fix="Use the labels of the workload's pod template as the selector.",
    severity="error",
    profile="recommended",
    check=_check,
)
