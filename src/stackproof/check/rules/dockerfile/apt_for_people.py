"""SR157: builds call apt-get, not apt."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, runs, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in runs(file):
        if any(
            each.program == "apt" and {"install", "update", "upgrade"} & set(each.arguments) for each in run.commands
        ):
            yield sighting(run.said, "apt may change its words between releases of Debian")


RULE = Rule(
    id="SR157-apt-for-people",
    says="Builds call apt-get, not apt.",
    fix="Write apt-get.",
    severity="info",
    profile="recommended",
    check=over(_look),
)
