"""SR215: what others wait for to be completed is not started again when it ends."""

from collections.abc import Iterator

from stackproof.check.rules.compose.looking import services
from stackproof.check.rules.compose.relations import awaited_to_complete
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(inspected: Inspected) -> Iterator[Sighting]:
    for service in services(inspected):
        if awaited_to_complete(service) and service.spec.get("restart") in ("always", "unless-stopped"):
            yield Sighting(service.at("restart"), f"{service.name} is a job, and is started again whenever it succeeds")


RULE = Rule(
    "SR215-restart-of-job",
    says="What others wait for to be completed is not started again when it ends.",
    fix='Write `restart: "no"`, or `restart: on-failure` where another try can help.',
    severity="error",
    profile="recommended",
    check=_check,
)
