"""Routes and queues of a container's own network, changed from a short-lived container that shares it.

They are the kernel's, spoken to in its own words (rtnetlink(7)): no image needs a tool. They end with the container.
"""

from functools import partial
from typing import TYPE_CHECKING

from stackproof.model.stack import Stack
from stackproof.run.docker import journal, project
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine, Json
from stackproof.tools.docker.sidecar import Sidecar

if TYPE_CHECKING:
    from docker import APIClient

# include/uapi/linux: netlink.h, rtnetlink.h.
SPEAK = """
import errno, os, socket, struct, sys
REQUEST, ACK, REPLACE, CREATE = 1, 4, 0x100, 0x400
def attribute(number, value):
    return struct.pack("HH", 4 + len(value), number) + value + bytes(-len(value) % 4)
def tell(kind, flags, body):
    message = struct.pack("IHHII", 16 + len(body), kind, REQUEST | ACK | flags, 1, 0) + body
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as line:
        line.send(message)
        return -struct.unpack_from("i", line.recv(65536), 16)[0]
def must(problem, harmless=()):
    if problem and problem not in harmless:
        sys.exit(os.strerror(problem))
"""


def change(engine: Engine, stack: Stack, script: str, action: str, containers: journal.Items) -> None:
    """Run it in the network of each. Those that are gone, or have ended, took their network with them."""
    image = project.python_image(engine, stack)
    for (identity,) in containers:
        found = engine.ask_for("Looking for a container", partial(_inspect, identity))
        if not found or not found["State"]["Running"]:
            continue
        place = Sidecar(image, stack=stack.name, network=f"container:{identity}", capabilities=("NET_ADMIN",))
        done = sidecar.run(engine, place, SPEAK + script, action)
        sidecar.seen(done, f"Changing the network of container {identity[:12]} ({action})")


def _inspect(identity: str, api: "APIClient") -> Json:
    found: Json = api.inspect_container(identity)
    return found
