"""SR218: no password is one that everybody tries first."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed
from stackproof.check.rules.compose.relations import WEAK, secret_in, written
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        for name, value, at in written(service):
            if (secret := secret_in(name, value)).lower() in WEAK:
                yield Sighting(at, f"the password in {name} of {service.name} is {secret}")


RULE = Rule(
    "SR218-weak-password",
    says="No password is one that everybody tries first.",
    fix="Make one by `openssl rand -hex 24`, and keep it in a file that git ignores.",
    severity="error",
    profile="recommended",
    check=_check,
)
