"""SR151: a download that fails in a pipe fails the build."""

from collections.abc import Iterator
from itertools import pairwise

from stackproof.check.rules.dockerfile.looking import over, sighting
from stackproof.model.dockerfile import Dockerfile, Instruction
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import Simple, commands, script

_LOADS = frozenset({"curl", "wget"})
_RUNS = frozenset({"sh", "bash", "ash", "dash", "zsh", "python", "python3", "node", "perl"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in file.stages:
        strict = False
        for said in stage.instructions:
            if said.keyword == "SHELL":
                strict = any("pipefail" in each for each in said.exec or ())
            elif said.keyword == "RUN" and not strict and "pipefail" not in script(said):
                yield from _piped(said, commands(script(said)))


def _piped(said: Instruction, listed: tuple[Simple, ...]) -> Iterator[Sighting]:
    """A download into a shell is SR152's."""
    for one, other in pairwise(listed):
        if one.program in _LOADS and one.after == "|" and other.program not in _RUNS:
            yield sighting(said, f"when {one.program} fails, only what stands behind the pipe decides")


RULE = Rule(
    id="SR151-failed-download-unseen",
    says="A download that fails in a pipe fails the build.",
    fix="Write `set -o pipefail`, or load into a file first.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
