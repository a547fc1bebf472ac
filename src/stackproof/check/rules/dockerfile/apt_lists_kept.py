"""SR114: the package lists of apt are not in the image."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import Run, final_runs, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import script


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in final_runs(file):
        updates = any(each.program in ("apt-get", "apt") and "update" in each.arguments for each in run.commands)
        if updates and "/var/lib/apt" not in script(run.said) and not _mounted(run):
            yield sighting(run.said, "the lists of apt-get update stay in the layer")


def _mounted(run: Run) -> bool:
    return any(each.target.startswith("/var/lib/apt") for each in words.mounts(run.said))


RULE = Rule(
    id="SR114-apt-lists-kept",
    says="The package lists of apt are not in the image.",
    fix="End the RUN with `rm -rf /var/lib/apt/lists/*`.",
    severity="info",
    profile="recommended",
    check=over(_look),
)
