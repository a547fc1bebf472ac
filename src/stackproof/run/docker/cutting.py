"""A service cut off from all its networks: the engine's ends of its cables are down, its own addresses stay.

Not `docker network disconnect`: what is connected again may get another address, and the proxy would look for that.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from stackproof.model.running import Site
from stackproof.model.stack import Stack
from stackproof.run.docker import journal, project
from stackproof.run.docker.project import Container
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

# The other end of a veth pair is known by its number (net/core/net-sysfs.c: iflink).
_ENDS = """
import json, os
names = sorted(os.listdir("/sys/class/net"))
print(json.dumps([open(f"/sys/class/net/{name}/iflink").read().strip() for name in names if name != "lo"]))
"""
# netdevice(7). A port of a bridge and nothing else: a macvlan's other end is the network card of the machine.
_SWITCH = """
import fcntl, os, socket, struct, sys
GET, SET, UP = 0x8913, 0x8914, 1
def call(request, name, flags=0):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        return struct.unpack("16sH14x", fcntl.ioctl(line, request, struct.pack("16sH14x", name, flags)))[1]
for number in sys.argv[2:]:
    try:
        name = socket.if_indextoname(int(number))
    except OSError:
        if sys.argv[1] == "down":
            raise
        continue
    if not name.startswith("veth") or not os.path.exists(f"/sys/class/net/{name}/brport"):
        sys.exit(f"{name} is not the cable of a container on a bridge")
    flags = call(GET, name.encode())
    call(SET, name.encode(), flags | UP if sys.argv[1] == "up" else flags & ~UP)
"""


@contextmanager
def cut(engine: Engine, stack: Stack, site: Site, service: str) -> Iterator[None]:
    """Raises ToolFailed where one of its networks is no bridge of the engine."""
    project.running(engine, stack, service)  # raises where there is none
    found = [each for each in project.of_service(engine, stack, service) if each.running]
    ends = [(end,) for each in found for end in _ends(engine, stack, each)]
    with journal.broken(site, "cut", ends, partial(_mend, engine, stack)):
        _switch(engine, stack, "down", ends)
        yield


def heal(engine: Engine, stack: Stack, site: Site) -> None:
    journal.heal(site, "cut", partial(_mend, engine, stack))


def _mend(engine: Engine, stack: Stack, ends: journal.Items) -> None:
    _switch(engine, stack, "up", ends)


def _ends(engine: Engine, stack: Stack, found: Container) -> list[str]:
    place = Sidecar(project.python_image(engine, stack), stack=stack.name, network=f"container:{found.id}")
    said = sidecar.seen(sidecar.run(engine, place, _ENDS), f"Looking at the networks of {found.service}")
    return [str(each) for each in json.loads(said)]


def _switch(engine: Engine, stack: Stack, direction: str, ends: journal.Items) -> None:
    image = project.python_image(engine, stack)
    place = Sidecar(image, stack=stack.name, network="host", capabilities=("NET_ADMIN",))
    done = sidecar.run(engine, place, _SWITCH, direction, *(end for (end,) in ends))
    sidecar.seen(done, f"Switching networks {direction}")
