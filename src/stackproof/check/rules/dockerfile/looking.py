"""What the rules look at, derived from a Dockerfile once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from stackproof.model.dockerfile import Dockerfile, Instruction, Stage
from stackproof.model.effective import Effective, effective
from stackproof.model.findings import Edit, Inspected, Sighting
from stackproof.model.scope import Seen, below, escape, walk
from stackproof.model.shell import Simple, commands, script
from stackproof.model.words import probe

Look = Callable[[Dockerfile], Iterator[Sighting]]
_FILES = 128  # whose derived values are kept


@dataclass(frozen=True)
class Run:
    """A RUN and the simple commands of its shell."""

    stage: Stage
    said: Instruction
    commands: tuple[Simple, ...]


def over(look: Look) -> Callable[[Inspected], Iterator[Sighting]]:
    """A look at one file as the check of a rule."""

    def check(inspected: Inspected) -> Iterator[Sighting]:
        for file in inspected.dockerfiles:
            yield from look(file)

    return check


def sighting(said: Instruction, found: str, *edits: Edit) -> Sighting:
    return Sighting(said.seen, found, edits)


@lru_cache(maxsize=_FILES)
def final(file: Dockerfile) -> Effective:
    """What the last stage starts with."""
    return effective(file, file.stages[-1])


@lru_cache(maxsize=_FILES)
def walked(file: Dockerfile) -> tuple[tuple[Seen, ...], ...]:
    return walk(file)


@lru_cache(maxsize=_FILES)
def bases(file: Dockerfile) -> tuple[str, ...]:
    """For each stage the image below all stages that it stands on."""
    found: list[str] = []
    for stage, under in zip(file.stages, below(file), strict=True):
        found.append(stage.base if under is None else found[under])
    return tuple(found)


@lru_cache(maxsize=_FILES)
def runs(file: Dockerfile) -> tuple[Run, ...]:
    return tuple(Run(stage, said, commands(script(said))) for stage, said in instructions(file, "RUN"))


def final_runs(file: Dockerfile) -> Iterator[Run]:
    """Those whose files are in the last stage's image."""
    kept = {each.index for each in final(file).stages}
    return (each for each in runs(file) if each.stage.index in kept)


def instructions(file: Dockerfile, *keywords: str) -> Iterator[tuple[Stage, Instruction]]:
    for stage in file.stages:
        for said in stage.instructions:
            if said.keyword in keywords:
                yield stage, said


def final_instructions(file: Dockerfile, *keywords: str) -> Iterator[Instruction]:
    for stage in final(file).stages:
        for said in stage.instructions:
            if said.keyword in keywords:
                yield said


def escaped(file: Dockerfile) -> str:
    return escape(file)


def started(file: Dockerfile) -> tuple[Instruction, tuple[str, ...]] | None:
    """The words of what the last stage starts, and the instruction that names them; None where it does not say."""
    said = final(file).said
    entry, command = said.get("ENTRYPOINT"), said.get("CMD")
    listed = [each for each in (entry, command) if each is not None]
    if not listed:
        return None
    words = tuple(word for each in listed for word in _words(each))
    return (command or listed[0]), words


def _words(said: Instruction) -> tuple[str, ...]:
    """The exec form as it is; of a line for the shell, the last command: that is what keeps running."""
    found = commands(script(said))
    return found[-1].bare if found else ()


def probing(said: Instruction) -> tuple[Simple, ...]:
    """The commands of a HEALTHCHECK; none for NONE."""
    found = probe(said)
    if found is None:
        return ()
    return commands(found) if isinstance(found, str) else commands(script(said))
