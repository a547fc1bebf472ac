"""The probe helpers that go into every image: real modules here, linted and tested as such, copied letter for letter.

Reading them is no more a touch of the disk than importing them would be: they are part of this program, and the same
for every stack.
"""

from collections.abc import Iterator, Mapping
from importlib.resources import files

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import EnvironmentName, Stack

FOLDER = "deploy/health"
_CELERY = {"worker", "beat"}
_OTHER_BEAT = "stackproof_beat:BeatScheduler"


def render(stacks: Mapping[EnvironmentName, Stack]) -> Iterator[Artifact]:
    yield _copied("stackproof_probe.py")
    if any(service.role in _CELERY for stack in stacks.values() for service in stack.services):
        yield _copied("stackproof_heartbeat.py")
    if any(_OTHER_BEAT in service.command for stack in stacks.values() for service in stack.services):
        yield _copied("stackproof_beat.py")
    if any(service.launched for stack in stacks.values() for service in stack.services):
        yield _copied("stackproof_start.py")


def _copied(name: str) -> Artifact:
    return Artifact(f"{FOLDER}/{name}", files(__package__).joinpath(name).read_text("utf-8"))
