"""SR304: the code cannot start without a variable that no service built from it is given."""

from collections.abc import Iterator

from stackproof.check.own_code import is_python, variables
from stackproof.check.services import Service, services
from stackproof.model.composition import Composition
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for composition in inspected.compositions:
        for context, own in _by_context(composition, inspected).items():
            given = {name.upper() for service in own for name in service.environment}
            for each in variables(inspected, context):
                name = each.name.upper()
                if each.required and not {name, f"{name}_FILE"} & given:
                    yield Sighting(
                        own[0].at(),
                        f"the code cannot start without {each.name} ({each.seen}), and"
                        f" {' and '.join(service.name for service in own)} of {composition.files[-1]} get none",
                    )


def _by_context(composition: Composition, inspected: Inspected) -> dict[str, list[Service]]:
    """A variable that one of them is given may be read by its part of the code alone: they are asked together."""
    found: dict[str, list[Service]] = {}
    for service in services(inspected):
        if service.composition is composition and service.context is not None and is_python(service):
            found.setdefault(service.context, []).append(service)
    return {context: own for context, own in found.items() if not any(_takes_a_file(each) for each in own)}


def _takes_a_file(service: Service) -> bool:
    """What an env_file holds on the machine that runs it, nobody knows here."""
    place = ("services", service.name, "env_file")
    return "env_file" in service.spec or any(path[:3] == place for path in service.composition.places)


RULE = Rule(
    "SR304-variable-missing",
    says="A variable without which the code cannot start is given to its services.",
    fix="Set it under `environment`, as `NAME: ${NAME:?}` where it comes from outside, or give the code a default.",
    severity="error",
    profile="recommended",
    check=_check,
)
