"""SR152: nothing that is downloaded runs unread."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, runs, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_LOADS = frozenset({"curl", "wget"})
_RUNS = frozenset({"sh", "bash", "ash", "dash", "zsh", "python", "python3", "node", "perl"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for run in runs(file):
        pairs = zip(run.commands, run.commands[1:], strict=False)
        if any(one.program in _LOADS and one.after == "|" and other.program in _RUNS for one, other in pairs):
            yield sighting(run.said, "what the server sends today runs as root in the build")


RULE = Rule(
    id="SR152-download-run",
    says="Nothing that is downloaded runs unread.",
    fix="Load a named version, check its sum, and run it then.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
