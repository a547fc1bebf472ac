"""Who can connect to whom: tried from a short-lived container that stands in a service's own place in the network."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from stackproof.errors import Unmeasurable
from stackproof.model.stack import Stack
from stackproof.run.docker import project
from stackproof.run.docker.project import Container
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

_WITHIN = 3.0  # seconds for one connection; a firewall that drops says nothing at all
_CONNECT = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor
def opens(target):
    try:
        socket.create_connection(tuple(target), float(sys.argv[2])).close()
        return True
    except OSError:
        return False
with ThreadPoolExecutor(16) as pool:
    print(json.dumps(list(pool.map(opens, json.loads(sys.argv[1])))))
"""


def reaches(engine: Engine, stack: Stack, found: Container, targets: tuple[tuple[str, int], ...]) -> tuple[bool, ...]:
    """All at once. What the service's image can do does not matter: the container is one of Python's."""
    if not targets:
        return ()
    place = Sidecar(project.python_image(engine, stack), stack=stack.name, network=f"container:{found.id}")
    done = sidecar.run(engine, place, _CONNECT, json.dumps(targets), str(_WITHIN), timeout=30 + _WITHIN * len(targets))
    opened = json.loads(sidecar.seen(done, f"Trying connections from {found.service}"))
    return tuple(bool(each) for each in opened)


@contextmanager
def outside(engine: Engine) -> Iterator[tuple[str, int]]:
    """On the machine's address in the engine's default network: whoever may leave its own network comes there."""
    with socket.create_server((_gateway(engine), 0)) as server:
        listening = threading.Thread(target=_take, args=(server,), daemon=True)
        listening.start()
        try:
            address, port = server.getsockname()[:2]
            yield str(address), int(port)
        finally:
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for the next connection
            listening.join(_WITHIN)


def _take(server: socket.socket) -> None:
    with suppress(OSError):  # closed
        while True:
            server.accept()[0].close()


def _gateway(engine: Engine) -> str:
    bridge = engine.ask("Looking at the engine's default network", lambda api: api.inspect_network("bridge"))
    found = [str(each["Gateway"]) for each in bridge["IPAM"]["Config"] or () if "." in str(each.get("Gateway") or "")]
    if not found or not engine.endpoint.local or not _ours(found[0]):
        raise Unmeasurable(
            "the engine's machine is another one: nothing can be opened there that a service should not reach",
            fix="Prove on the machine that the engine runs on.",
        )
    return found[0]


def _ours(address: str) -> bool:
    """An engine in a virtual machine has networks that its host does not see."""
    with socket.socket() as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
