"""SR151: a download that fails in a pipe fails the build."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import commands, script

_LOADS = frozenset({"curl", "wget"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in file.stages:
        strict = False
        for said in stage.instructions:
            if said.keyword == "SHELL":
                strict = any("pipefail" in each for each in said.exec or ())
            elif said.keyword == "RUN" and not strict and "pipefail" not in script(said):
                for command in commands(script(said)):
                    if command.program in _LOADS and command.after == "|":
                        yield sighting(said, f"when {command.program} fails, only what stands behind the pipe decides")


RULE = Rule(
    id="SR151-failed-download-unseen",
    says="A download that fails in a pipe fails the build.",
    fix="Write `set -o pipefail`, or load into a file first.",
    severity="warning",
    profile="recommended",
    check=over(_look),
)
