"""SR217: no secret has a default."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import is_development, is_secret
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        for each in composition.variables:
            if is_secret(each.name) and each.default and not is_development(composition):
                yield Sighting(each.seen, f"{each.name} is {each.default} wherever nobody sets it")


RULE = Rule(
    "SR217-secret-default",
    says="No secret has a default.",
    fix="Write `${NAME:?say where it comes from}` instead of a default.",
    severity="warning",
    profile="recommended",
    check=_check,
)
