"""SR205: no service can gain privileges by a set-uid program."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services, texts
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        options = [each.replace("=", ":") for each in texts(service.spec.get("security_opt"))]
        if not any(each in ("no-new-privileges", "no-new-privileges:true") for each in options):
            yield Sighting(service.at(), f"{service.name} may gain privileges by set-uid programs of its image")


RULE = Rule(
    "SR205-new-privileges",
    says="No service can gain privileges by a set-uid program.",
    fix='Add `security_opt: ["no-new-privileges:true"]`.',
    severity="warning",
    profile="strict",
    check=_check,
)
