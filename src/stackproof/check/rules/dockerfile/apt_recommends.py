"""SR115: apt-get installs what is named and needed, not what is recommended."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile import packages
from stackproof.check.rules.dockerfile.looking import final_runs, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import script


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in final_runs(file):
        for command in run.commands:
            if packages.debian(command) and packages.system(command) and "recommends" not in script(run.said).lower():
                yield sighting(run.said, f"{' '.join(packages.system(command)[:3])} come with what they recommend")


RULE = Rule(
    id="SR115-apt-recommends",
    says="apt-get installs what is named and needed, not what is recommended.",
    fix="Add `--no-install-recommends`.",
    severity="info",
    profile="recommended",
    check=over(_look),
)
