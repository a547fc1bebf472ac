"""SR403: two environments fix the same container name: the second one cannot start."""

from collections.abc import Iterator

from stackproof.check.environments import pairs
from stackproof.check.reading import text
from stackproof.model.composition import Composition
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for one, other in pairs(inspected):
        taken = _named(one)
        for name, service in _named(other).items():
            if name in taken:
                yield Sighting(
                    other.at("services", service, "container_name"),
                    f"{service} is the container {name}, as {taken[name]} of {one.files[-1]} is",
                )


def _named(composition: Composition) -> dict[str, str]:
    named = {text(spec.get("container_name")): name for name, spec in composition.services().items()}
    return {container: name for container, name in named.items() if container}


RULE = Rule(
    "SR403-container-names-shared",
    says="No two environments fix the same container name.",
    fix="Remove container_name: Compose makes one from the project's and the service's names.",
    severity="error",
    profile="recommended",
    check=_check,
)
