"""SR606: a secret stands as the value of a variable in a manifest."""

import re
from collections.abc import Iterator

from stackproof.check.manifests import containers
from stackproof.check.reading import nodes, text
from stackproof.model.findings import Inspected, Rule, Sighting

_SECRET = re.compile(r".*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY|PRIVATE_KEY)", re.IGNORECASE)


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for each in containers(inspected.tree):
        for number, variable in enumerate(nodes(each.spec.get("env"))):
            name, value = text(variable.get("name")), text(variable.get("value"))
            if _SECRET.fullmatch(name) and value and "$(" not in value:
                yield Sighting(each.at("env", number), f"{each.name} has a value for {name}")


RULE = Rule(
    "SR606-secret-in-variable",
    says="No secret stands in a manifest.",
    fix="Read it with valueFrom.secretKeyRef, or mount the Secret.",
    severity="error",
    profile="recommended",
    check=_check,
)
