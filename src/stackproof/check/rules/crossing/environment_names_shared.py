"""SR401: two environments have the same project name: bringing up one replaces the other's containers."""

from collections.abc import Iterator

from stackproof.check.environments import pairs
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for one, other in pairs(inspected):
        if one.name == other.name:
            yield Sighting(other.at("name"), f"{other.files[-1]} and {one.files[-1]} are both the project {one.name}")


RULE = Rule(
    "SR401-environment-names-shared",
    says="Each environment has a project name of its own.",
    fix="Write a `name:` with the environment in it at the top of each file.",
    severity="warning",
    profile="recommended",
    check=_check,
)
