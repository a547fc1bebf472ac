"""SR218: no password is one that everybody tries first."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed, is_secret, read_at
from stackproof.check.rules.compose.relations import WEAK
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        for name, value in service.environment.items():
            at = service.at("environment", name)
            if is_secret(name) and value.lower() in WEAK and not read_at(service.composition, at):
                yield Sighting(at, f"{name} of {service.name} is {value}")


RULE = Rule(
    "SR218-weak-password",
    says="No password is one that everybody tries first.",
    fix="Make one by `openssl rand -hex 24`, and keep it in a file that git ignores.",
    severity="error",
    profile="recommended",
    check=_check,
)
