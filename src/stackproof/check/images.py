"""What an image is started with as far as its Dockerfile says so: the final stage on top of those that it stands on."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from posixpath import join, normpath

from stackproof.model.dockerfile import Dockerfile, Instruction, Stage


@dataclass(frozen=True)
class Configured:
    """`chain` are the stages, the first one first; `said` is the last instruction of each kind that counts."""

    base: str
    chain: tuple[Stage, ...]
    said: Mapping[str, Instruction]
    folder: str  # WORKDIR, "/" where none is named
    environment: Mapping[str, str]
    words: tuple[str, ...]  # ENTRYPOINT and CMD as they are run

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        return tuple(each for stage in self.chain for each in stage.instructions)

    @property
    def user(self) -> str:
        return self.said["USER"].words.strip() if "USER" in self.said else ""

    @property
    def ports(self) -> frozenset[int]:
        named = [each.words.split() for each in self.instructions if each.keyword == "EXPOSE"]
        numbers = [word.partition("/")[0] for words in named for word in words]
        return frozenset(int(number) for number in numbers if number.isdecimal())

    @property
    def has_health_check(self) -> bool:
        check = self.said.get("HEALTHCHECK")
        return check is not None and check.words.strip().upper() != "NONE"


@lru_cache(maxsize=256)
def configured(dockerfile: Dockerfile, target: str) -> Configured | None:
    """None where the file has no such stage."""
    chain = _chain(dockerfile, target)
    if not chain:
        return None
    said: dict[str, Instruction] = {}
    folder = "/"
    environment: dict[str, str] = {}
    for each in (one for stage in chain for one in stage.instructions):
        if each.keyword == "ENTRYPOINT":
            said.pop("CMD", None)  # a new ENTRYPOINT forgets the CMD of the stages before
        elif each.keyword == "WORKDIR":
            folder = normpath(join(folder, each.words.strip().strip("\"'")))
        elif each.keyword == "ENV":
            environment |= pairs(each.words)
        said[each.keyword] = each
    words = (*run(said.get("ENTRYPOINT")), *run(said.get("CMD")))
    return Configured(chain[0].base, chain, said, folder, environment, words)


def run(said: Instruction | None) -> tuple[str, ...]:
    """The exec form as it is, the shell form as the shell gets it."""
    if said is None:
        return ()
    return said.exec if said.exec is not None else ("/bin/sh", "-c", said.words.strip())


def probe(said: Instruction) -> tuple[str, ...]:
    """The command of a HEALTHCHECK as Compose writes it: CMD or CMD-SHELL first; nothing for NONE."""
    kind, _, rest = said.words.strip().partition(" ")
    if kind.upper() != "CMD":
        return ()
    words = said.exec or _array(rest.strip())
    return ("CMD", *words) if words else ("CMD-SHELL", rest.strip())


def pairs(words: str) -> dict[str, str]:
    """ENV NAME=value ..., or the old ENV NAME value."""
    name, _, rest = words.strip().partition(" ")
    if "=" not in name:
        return {name: rest.strip()}
    try:
        found = shlex.split(words)
    except ValueError:
        return {}
    return {key: value for key, mark, value in (each.partition("=") for each in found) if mark}


def _chain(dockerfile: Dockerfile, target: str) -> tuple[Stage, ...]:
    stage = dockerfile.stage(target)
    found: list[Stage] = []
    while stage is not None:
        found.insert(0, stage)
        before = {each.name: each for each in dockerfile.stages[: stage.index] if each.name}
        stage = before.get(stage.base.lower())
    return tuple(found)


def _array(words: str) -> tuple[str, ...] | None:
    try:
        found = json.loads(words)
    except ValueError:
        return None
    return tuple(found) if isinstance(found, list) and all(isinstance(each, str) for each in found) else None
