"""SR133: ENTRYPOINT in the shell form has no CMD beside it."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting


def _look(file: Dockerfile) -> Iterator[Sighting]:
    said = final(file).said
    entry, command = said.get("ENTRYPOINT"), said.get("CMD")
    if entry and command and entry.exec is None and entry.words and command.words:
        yield sighting(command, f"the shell of ENTRYPOINT in line {entry.seen.line} takes no arguments, so CMD is lost")
    elif entry and command and entry.exec and command.exec is None and command.words:
        yield sighting(command, "ENTRYPOINT gets the words /bin/sh and -c as its arguments")


RULE = Rule(
    id="SR133-command-lost",
    says="ENTRYPOINT in the shell form has no CMD beside it.",
    fix="Write both as arrays.",
    severity="error",
    profile="recommended",
    check=over(_look),
)
