"""SR135: a folder is changed with WORKDIR."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, runs, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in runs(file):
        if run.commands and run.commands[-1].program == "cd":
            yield sighting(run.said, "the next instruction begins in the old folder again")


RULE = Rule(
    id="SR135-cd-without-effect",
    says="A folder is changed with WORKDIR.",
    fix="Write `WORKDIR /path`.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
