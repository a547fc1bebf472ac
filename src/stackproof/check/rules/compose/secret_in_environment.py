"""SR216: no password, token or key stands in a Compose file as a value."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed
from stackproof.check.rules.compose.relations import WEAK, secret_in, written
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        for name, value, at in written(service):
            if (secret := secret_in(name, value)) and secret.lower() not in WEAK:
                yield Sighting(at, f"the secret in {name} of {service.name} stands in the file")


RULE = Rule(
    "SR216-secret-in-environment",
    says="No password, token or key stands in a Compose file as a value.",
    fix="Move it to a file that git ignores: `secrets:` with `file:`, read by NAME_FILE; or write `${NAME:?}`.",
    severity="warning",
    profile="recommended",
    check=_check,
)
