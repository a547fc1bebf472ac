"""What an image is started with, as words: from the instructions that decide it in its Dockerfile."""

from collections.abc import Mapping
from dataclasses import dataclass

from stackproof.model.dockerfile import Dockerfile, Instruction
from stackproof.model.effective import Command
from stackproof.model.effective import effective as read


@dataclass(frozen=True)
class Effective:
    """`base` is the image that the first of the stages begins with. "" and () where the file does not say."""

    base: str
    user: str = ""
    work_dir: str = ""
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    health: Instruction | None = None
    port: int | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.entrypoint, *self.command)


def effective(file: Dockerfile, target: str, arguments: Mapping[str, str]) -> Effective | None:
    """None where the file has no such stage."""
    stage = file.stage(target)
    if stage is None:
        return None
    found = read(file, stage, arguments)
    ports = (each.partition("/")[0] for each in found.exposed)
    return Effective(
        base=found.base,
        user=found.user,
        work_dir=found.workdir,
        entrypoint=_words(found.entrypoint, found.shell),
        command=_words(found.cmd, found.shell),
        health=found.healthcheck,
        port=next((int(each) for each in ports if each.isdigit()), None),
    )


def probe(said: Instruction) -> tuple[str, ...]:
    """The command of a HEALTHCHECK as Compose has it: CMD or CMD-SHELL first; nothing for NONE."""
    if said.exec is not None:
        return ("CMD", *said.exec)
    kind, _, line = said.words.strip().partition(" ")
    return ("CMD-SHELL", line.strip()) if kind.upper() == "CMD" else ()


def _words(command: Command, shell: tuple[str, ...]) -> tuple[str, ...]:
    return (*shell, command) if isinstance(command, str) else command
