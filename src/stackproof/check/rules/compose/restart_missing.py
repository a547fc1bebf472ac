"""SR213: every deployed service that runs for long is started again when it ends."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import deployed, node
from stackproof.check.rules.compose.relations import awaited_to_complete
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in deployed(inspected):
        policy = node(service.spec.get("deploy")).get("restart_policy")
        if not ("restart" in service.spec or policy or service.spec.get("profiles") or awaited_to_complete(service)):
            yield Sighting(service.at(), f"{service.name} stays down after a crash or a restart of the machine")


RULE = Rule(
    "SR213-restart-missing",
    says="Every deployed service that runs for long is started again when it ends.",
    fix='Add `restart: unless-stopped`; for a job write `restart: "no"`, so that it is seen to be meant.',
    severity="warning",
    profile="recommended",
    check=_check,
)
