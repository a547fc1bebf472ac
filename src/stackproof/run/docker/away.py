"""A file of a volume, taken away for a while and put back, whatever happens to us meanwhile."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from stackproof.errors import ToolFailed, UserError
from stackproof.model.running import Site
from stackproof.model.stack import Stack
from stackproof.run.docker import journal, project
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

_PATH = re.compile(r"@\{volume\.([a-z0-9_.-]+)\}/(.+)")
# A database's journals go and come with it: one of another moment beside it would be replayed into it.
_SCRIPT = """
import os, sys
action, path = sys.argv[1], os.path.join("/volume", sys.argv[2])
names = [path + end for end in ("", "-wal", "-shm", "-journal")]
if action == "take":
    if not os.path.isfile(path):
        sys.exit("there is no such file")
    for name in names:
        if os.path.exists(name):
            os.replace(name, name + ".stackproof-away")
elif os.path.exists(path + ".stackproof-away"):
    for name in names[1:]:
        if os.path.exists(name):
            os.remove(name)
    for name in reversed(names):
        if os.path.exists(name + ".stackproof-away"):
            os.replace(name + ".stackproof-away", name)
"""


@contextmanager
def without_file(engine: Engine, stack: Stack, site: Site, path: str) -> Iterator[None]:
    """Raises UserError for a path that is not in a volume, ToolFailed for a file that is not there."""
    found = _PATH.fullmatch(path)
    if not found:
        raise UserError(f"{path} does not lie in a volume of the stack", fix="Name it as @{volume.<name>}/<path>.")
    file = (_volume(engine, stack, found[1]), found[2])
    with journal.broken(site, "away", (file,), partial(_put_back, engine, stack)):
        _move(engine, stack, "take", *file)
        yield


def heal(engine: Engine, stack: Stack, site: Site) -> None:
    """Put back what a stackproof that was killed had taken away."""
    journal.heal(site, "away", partial(_put_back, engine, stack))


def _put_back(engine: Engine, stack: Stack, files: journal.Items) -> None:
    for volume, path in files:
        if engine.ask_for("Looking for a volume", lambda api, volume=volume: api.inspect_volume(volume)):  # type: ignore[misc]
            _move(engine, stack, "put", volume, path)


def _volume(engine: Engine, stack: Stack, name: str) -> str:
    """The engine's name of a volume of the stack, from what is really mounted."""
    wanted = {mount.path for service in stack.services for mount in service.mounts if mount.volume == name}
    for found in project.containers(engine, stack):
        for mount in found.document.get("Mounts", ()):
            if mount.get("Type") == "volume" and mount.get("Destination") in wanted:
                return str(mount["Name"])
    raise ToolFailed(f"no container of {stack.name} has the volume {name}", fix="Bring the stack up: stackproof up")


def _move(engine: Engine, stack: Stack, action: str, volume: str, path: str) -> None:
    container = Sidecar(
        project.python_image(engine, stack),
        stack=stack.name,
        capabilities=("DAC_OVERRIDE", "FOWNER"),  # the files belong to the service's user
        binds=(f"{volume}:/volume",),
    )
    sidecar.seen(sidecar.run(engine, container, _SCRIPT, action, path), f"Moving {path} of the volume {volume}")
