"""SR605: a Secret with its values lies in the repository: base64 hides nothing."""

from collections.abc import Iterator

from stackproof.check.manifests import manifests
from stackproof.check.reading import node, text
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for each in manifests(inspected.tree):
        for kind in ("data", "stringData") if each.kind == "Secret" else ():
            named = [key for key, value in node(each.document.get(kind)).items() if text(value)]
            if named:
                yield Sighting(each.at(kind), f"the Secret {each.name} holds {', '.join(named)} in plain sight")


RULE = Rule(
    "SR605-secret-in-manifest",
    says="No Secret with values is in the repository.",
    fix="Make it from outside (kubectl create secret, External Secrets, Sealed Secrets), and replace what was there.",
    severity="error",
    profile="recommended",
    check=_check,
)
