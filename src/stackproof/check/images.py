"""What an image is started with as far as its Dockerfile says so, in the words that the rules need."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from stackproof.model.base_images import TOOLS, tools
from stackproof.model.dockerfile import Dockerfile, Instruction, Stage
from stackproof.model.effective import Command, Effective, effective


@dataclass(frozen=True, eq=False)
class Configured:
    """The stage that is built, on top of those that it stands on."""

    effective: Effective

    @property
    def base(self) -> str:
        return self.effective.base

    @property
    def chain(self) -> tuple[Stage, ...]:
        return self.effective.stages

    @property
    def said(self) -> Mapping[str, Instruction]:
        return self.effective.said

    @property
    def environment(self) -> Mapping[str, str]:
        return self.effective.env

    @property
    def folder(self) -> str:
        return self.effective.workdir or "/"

    @property
    def user(self) -> str:
        return self.effective.user

    @property
    def entrypoint(self) -> tuple[str, ...]:
        return _run(self.effective.entrypoint, self.effective.shell)

    @property
    def words(self) -> tuple[str, ...]:
        """ENTRYPOINT and CMD as they are run; a shell's ENTRYPOINT never sees the CMD."""
        if isinstance(self.effective.entrypoint, str):
            return self.entrypoint
        return (*self.entrypoint, *_run(self.effective.cmd, self.effective.shell))

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        return tuple(each for stage in self.chain for each in stage.instructions)

    @property
    def has_health_check(self) -> bool:
        check = self.effective.healthcheck
        return check is not None and check.words.strip().upper() != "NONE"


@lru_cache(maxsize=256)
def configured(dockerfile: Dockerfile, target: str) -> Configured | None:
    """None where the file has no such stage."""
    stage = dockerfile.stage(target)
    return Configured(effective(dockerfile, stage)) if stage else None


def lacks(image: str, program: str) -> bool:
    """Whether the base image is known not to have the program."""
    found = tools(image)
    return program in TOOLS and found is not None and program not in found


def _run(command: Command, shell: tuple[str, ...]) -> tuple[str, ...]:
    return (*shell, command) if isinstance(command, str) else command
