"""SR125: what a layer brings no later one deletes."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from stackproof.check.rules.dockerfile.looking import final, over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile, Instruction
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import commands, script


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in final(file).stages:
        brought: dict[str, Instruction] = {}
        for said in stage.instructions:
            if said.keyword in ("COPY", "ADD"):
                brought |= dict.fromkeys(_targets(said), said)
            elif said.keyword == "RUN":
                yield from _removed(said, brought)


def _removed(said: Instruction, brought: dict[str, Instruction]) -> Iterator[Sighting]:
    for command in commands(script(said)):
        if command.program == "rm":
            for path in (each.removeprefix("./").rstrip("/") for each in command.arguments):
                if path in brought:
                    yield sighting(said, f"{path} stays in the layer of line {brought[path].seen.line}")


def _targets(said: Instruction) -> tuple[str, ...]:
    copied = words.copied(said)
    if copied.destination.endswith(("/", ".")) or len(copied.sources) > 1:
        folder = copied.destination.rstrip("/.")
        names = (PurePosixPath(each).name for each in copied.sources)
        return tuple(f"{folder}/{name}" if folder else name for name in names)
    return (copied.destination.removeprefix("./"),)


RULE = Rule(
    id="SR125-removed-too-late",
    says="What a layer brings no later one deletes.",
    fix="Do not copy it, or mount it for the one RUN that needs it.",
    severity="info",
    profile="recommended",
    check=over(_look),
)
