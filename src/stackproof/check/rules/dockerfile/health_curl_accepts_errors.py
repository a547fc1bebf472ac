"""SR110: a probe with curl fails on an error of the server."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import instructions, over, probing, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting

_FAIL = frozenset({"--fail", "--fail-with-body", "--fail-early", "-w", "--write-out"})


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for _, said in instructions(file, "HEALTHCHECK"):
        for command in probing(said):
            if (
                command.program == "curl"
                and command.after != "|"
                and not any(_fails(each) for each in command.arguments)
            ):
                yield sighting(said, "curl ends well with an answer of 500 too")


def _fails(argument: str) -> bool:
    short = argument.startswith("-") and not argument.startswith("--") and "f" in argument
    return short or argument.split("=")[0] in _FAIL


RULE = Rule(
    id="SR110-health-curl-accepts-errors",
    says="A probe with curl fails on an error of the server.",
    fix="Add `--fail`.",
    severity="error",
    profile="recommended",
    check=over(_look),
)
