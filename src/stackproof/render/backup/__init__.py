"""The script of the backup service: a real one here, checked as such, copied letter for letter."""

from collections.abc import Iterator, Mapping
from importlib.resources import files

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, Stack

SCRIPT = "stackproof_backup.sh"


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    if any(service.role == "backup" for stack in stacks.values() for service in stack.services):
        yield Artifact(f"deploy/backup/{SCRIPT}", files(__package__).joinpath(SCRIPT).read_text("utf-8"), mode=0o755)
