"""SIGKILL from outside the engine: `docker kill` counts as a wish of the user, and nothing restarts after it."""

import os
import signal
from pathlib import Path

from stackproof.errors import ToolFailed
from stackproof.model.stack import Stack
from stackproof.run.docker import project
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

# The number may mean another process by now, or on this side of a virtual machine: the cgroup names the container.
_SCRIPT = """
import os, signal, sys
pid, container = int(sys.argv[1]), sys.argv[2]
if container not in open(f"/proc/{pid}/cgroup").read():
    sys.exit("it is not of that container")
os.kill(pid, signal.SIGKILL)
"""


def main_process(engine: Engine, stack: Stack, service: str, replica: int) -> str:
    """The main process, and with it the kernel ends all others of the container at once (pid_namespaces(7)).

    The id of the container.
    """
    target = project.running(engine, stack, service, replica)
    process(engine, stack, target.id, target.pid)
    return target.id


def process(engine: Engine, stack: Stack, container: str, pid: int) -> None:
    """`pid` as the engine's machine sees it."""
    if within_reach(engine, pid, container):
        _kill(pid)
        return
    looking = Sidecar(project.python_image(engine, stack), stack=stack.name, pid="host", capabilities=("KILL",))
    sidecar.seen(sidecar.run(engine, looking, _SCRIPT, str(pid), container), f"Killing process {pid}")


def within_reach(engine: Engine, pid: int, container: str) -> bool:
    """Whether this number is that container's process for us, too, and we may send signals to it."""
    if not engine.endpoint.local or os.geteuid() != 0:
        return False
    try:
        return container in Path(f"/proc/{pid}/cgroup").read_text()
    except OSError:
        return False


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        raise ToolFailed(f"process {pid} ended by itself before it was killed", fix="Run the command again.") from None
