"""SR244: every required env file is in the repository, or can be made from an example in it."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import nodes, services, text
from stackproof.check.rules.compose.relations import has_example
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        for number, each in enumerate(nodes(service.spec.get("env_file"))):
            path = text(each.get("path"))
            if each.get("required", True) and path not in inspected.tree and not has_example(inspected.tree, path):
                yield Sighting(
                    service.at("env_file", number), f"{path} is not in the repository, so up fails on a clean clone"
                )


RULE = Rule(
    "SR244-env-file-missing",
    says="Every required env file is in the repository, or can be made from an example in it.",
    fix="Commit an example beside it, or write `required: false`.",
    severity="info",
    profile="recommended",
    check=_check,
)
