"""SR216: no password, token or key stands in a Compose file as a value."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed, is_secret, read_at
from stackproof.check.rules.compose.relations import WEAK
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        for name, value in service.environment.items():
            at = service.at("environment", name)
            if is_secret(name) and value and value.lower() not in WEAK and not read_at(service.composition, at):
                yield Sighting(at, f"the value of {name} of {service.name} stands in the file")


RULE = Rule(
    "SR216-secret-in-environment",
    says="No password, token or key stands in a Compose file as a value.",
    fix="Move it to a file that git ignores: `secrets:` with `file:`, read by NAME_FILE; or write `${NAME:?}`.",
    severity="warning",
    profile="recommended",
    check=_check,
)
