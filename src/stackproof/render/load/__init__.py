"""The load script that stage mounts: a real module here, linted and tested as such, copied letter for letter."""

from collections.abc import Iterator, Mapping
from importlib.resources import files

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, Stack

_NAME = "stackproof_load.py"


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    if any(stack.load for stack in stacks.values()):
        yield Artifact(f"deploy/load/{_NAME}", files(__package__).joinpath(_NAME).read_text("utf-8"))
