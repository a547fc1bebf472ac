"""SR126: dependencies are installed before the code is copied."""

from collections.abc import Iterator

from stackproof.check.rules.dockerfile import packages
from stackproof.check.rules.dockerfile.looking import over, sighting
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile, Instruction
from stackproof.model.findings import Rule, Sighting
from stackproof.model.shell import Simple, commands, script

_INSTALLS = frozenset(
    {("uv", "sync"), ("poetry", "install"), ("pdm", "install"), ("pipenv", "install"), ("pipenv", "sync")}
    | {("npm", "ci"), ("npm", "install"), ("yarn", "install"), ("pnpm", "install")}
)


def _look(file: Dockerfile) -> Iterator[Sighting]:
    for stage in file.stages:
        whole: Instruction | None = None
        for said in stage.instructions:
            if said.keyword in ("COPY", "ADD") and _everything(said):
                whole = whole or said
            elif said.keyword == "RUN":
                if whole and any(_installs(each) for each in commands(script(said))):
                    yield sighting(whole, f"every change of the code repeats the install of line {said.seen.line}")
                    break
                if any(_installs(each) for each in commands(script(said))):
                    break


def _everything(said: Instruction) -> bool:
    copied = words.copied(said)
    return not copied.from_ and any(each in (".", "./") for each in copied.sources)


def _installs(command: Simple) -> bool:
    arguments = packages.pip(command) or ()
    return (command.program, *command.arguments[:1]) in _INSTALLS or any(
        each in ("-r", "--requirement") or (each.startswith("-r") and len(each) > 2) for each in arguments
    )


RULE = Rule(
    id="SR126-code-before-dependencies",
    says="Dependencies are installed before the code is copied.",
    fix="Copy the lock file first, install, and copy the code then.",
    severity="info",
    profile="recommended",
    check=over(_look),
)
