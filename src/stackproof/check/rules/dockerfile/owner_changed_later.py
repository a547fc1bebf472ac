"""SR159: files get their owner when they are copied."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import final, over, sighting
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import Simple, commands, script


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in final(file).stages:
        copied = False
        for said in stage.instructions:
            copied = copied or said.keyword in ("COPY", "ADD")
            if said.keyword == "RUN" and copied and any(_whole(each) for each in commands(script(said))):
                yield sighting(said, "every file whose owner changes is in the image twice")


def _whole(command: Simple) -> bool:
    return command.program in ("chown", "chmod") and any(each in ("-R", "--recursive") for each in command.arguments)


RULE = Rule(
    id="SR159-owner-changed-later",
    says="Files get their owner when they are copied.",
    fix="Write `COPY --chown=10001:10001`.",
    severity="info",
    profile="recommended",
    check=over(_look),
)
