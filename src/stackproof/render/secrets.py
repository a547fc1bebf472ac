"""What keeps the files of secrets out of version control."""

from collections.abc import Iterator, Mapping

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, Stack


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    if any(stack.secrets for stack in stacks.values()):
        text = "# Written by stackproof: nothing in here is for version control, but this file.\n*\n!.gitignore\n"
        yield Artifact("deploy/secrets/.gitignore", text)
