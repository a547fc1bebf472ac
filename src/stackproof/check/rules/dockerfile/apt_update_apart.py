"""SR113: apt-get update and install stand in the same RUN."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile import packages
from stackproof.check.rules.dockerfile.looking import Run, over, runs, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import Simple, script

_APT = ("apt-get", "apt")
_NOTHING = frozenset({"rm", "set", "echo", "true"})  # beside an update that leaves it alone


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in runs(file):
        updates = [each for each in run.commands if each.program in _APT and "update" in each.arguments]
        installs = [each for each in run.commands if packages.debian(each) and not _local(each)]
        if updates and all(each in updates or each.program in _NOTHING for each in run.commands):
            yield sighting(run.said, "apt-get update alone is a layer that goes stale")
        elif installs and not updates and "update" not in script(run.said) and _fresh(run):
            yield sighting(run.said, "apt-get install without update takes the package lists of an older layer")


def _local(command: Simple) -> bool:
    return any(each.endswith(".deb") for each in command.arguments)


def _fresh(run: Run) -> bool:
    """No mount brings lists of its own."""
    return not any("apt" in each.target for each in words.mounts(run.said))


RULE = Rule(
    id="SR113-apt-update-apart",
    says="apt-get update and install stand in the same RUN.",
    fix="Write `apt-get update && apt-get install …` in one RUN.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
