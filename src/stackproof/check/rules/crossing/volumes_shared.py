"""SR404: two environments write to the same volume: what one deletes is gone for the other."""

from collections.abc import Iterator

from stackproof.check.environments import pairs
from stackproof.check.reading import node, text
from stackproof.model.composition import Composition
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for one, other in pairs(inspected):
        taken = _volumes(one)
        for name, key in _volumes(other).items():
            if name in taken and one.name != other.name:  # one name for both is SR401
                yield Sighting(other.at("volumes", key), f"the volume {name} is the one of {one.files[-1]}, too")


def _volumes(composition: Composition) -> dict[str, str]:
    """Names on the engine, with the keys in the file."""
    found = {}
    for key, spec in node(composition.document.get("volumes")).items():
        found[text(node(spec).get("name")) or f"{composition.name}_{key}"] = key
    return found


RULE = Rule(
    "SR404-volumes-shared",
    says="No two environments share a volume.",
    fix="Leave out `name:` and `external:`, so that each environment has volumes of its own; or name them differently.",
    severity="error",
    profile="recommended",
    check=_check,
)
