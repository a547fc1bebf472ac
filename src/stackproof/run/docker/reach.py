"""Every listening port of every service, tried from outside: from the host, and from a container that is a stranger."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.model.running import Attempt
from stackproof.model.stack import Publish, Service, Stack
from stackproof.run.docker import project
from stackproof.run.docker.project import Container
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

_WITHIN = 1.5  # seconds for one connection; a firewall that drops says nothing at all
_LISTENING = """
import sys
for name in ("/proc/net/tcp", "/proc/net/tcp6"):
    try:
        sys.stdout.write(open(name).read())
    except FileNotFoundError:
        pass  # no IPv6
"""
_CONNECT = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor
gateway = ""
for line in open("/proc/net/route"):
    fields = line.split()
    if fields[1] == "00000000":
        gateway = socket.inet_ntoa(bytes.fromhex(fields[2])[::-1])
def opens(target):
    try:
        socket.create_connection((target[0] or gateway, target[1]), float(sys.argv[2])).close()
        return True
    except OSError:
        return False
targets = json.loads(sys.argv[1])
with ThreadPoolExecutor(16) as pool:
    print(json.dumps({"gateway": gateway, "opened": list(pool.map(opens, targets))}))
"""


@dataclass(frozen=True)
class _Target:
    """`host` "" is the way out of the default bridge: the engine's machine by its address there."""

    service: str
    port: int  # inside the container
    host: str
    number: int  # the port to connect to
    intended: bool


def attempts(engine: Engine, stack: Stack) -> tuple[Attempt, ...]:
    """Raises ToolFailed where a service does not run: what it would listen on is then not known."""
    image = project.python_image(engine, stack)
    jobs = {service.name for service in stack.services if service.one_shot}
    found = [each for each in project.containers(engine, stack) if each.running or each.service not in jobs]
    if stopped := [each.service for each in found if not each.running]:
        project.running(engine, stack, stopped[0])  # raises: what it would listen on is not known
    running = [each for each in found if each.running]
    listening = {each.id: _listening(engine, stack, image, each) for each in running}
    inside = [target for each in running for target in _from_a_stranger(stack, each, listening[each.id])]
    return (*_from_the_host(engine, stack, running), *_try_inside(engine, stack, image, inside))


def listeners(text: str) -> frozenset[int]:
    """Ports that something listens on, from /proc/net/tcp and tcp6 (proc(5)); not the engine's own name server."""
    return frozenset(
        int(fields[1].rpartition(":")[2], 16)
        for line in text.splitlines()
        if len(fields := line.split()) > 3 and fields[3] == "0A" and fields[1].rpartition(":")[0] != "0B00007F"
    )


def _listening(engine: Engine, stack: Stack, image: str, found: Container) -> frozenset[int]:
    looking = Sidecar(image, stack=stack.name, network=f"container:{found.id}")
    return listeners(sidecar.seen(sidecar.run(engine, looking, _LISTENING), f"Reading the sockets of {found.service}"))


def _from_the_host(engine: Engine, stack: Stack, running: list[Container]) -> Iterator[Attempt]:
    machine = engine.endpoint.machine
    for found in running:
        for port, address, number in project.bindings(found, machine):
            meant = _publish(stack, found.service, port)
            intended = meant is not None and meant.port == number
            yield Attempt(found.service, port, f"host {address}:{number}", _opens(address, number), intended)


def _from_a_stranger(stack: Stack, found: Container, ports: frozenset[int]) -> Iterator[_Target]:
    for network in found.document["NetworkSettings"]["Networks"].values():
        if address := str(network.get("IPAddress") or ""):
            for port in sorted(ports):
                yield _Target(found.service, port, address, port, intended=False)
    for port, _, number in project.bindings(found, ""):
        meant = _publish(stack, found.service, port)
        everywhere = meant is not None and meant.port == number and not meant.address.startswith("127.")
        yield _Target(found.service, port, "", number, intended=everywhere)


def _try_inside(engine: Engine, stack: Stack, image: str, targets: list[_Target]) -> Iterator[Attempt]:
    """All at once from one container on the default bridge, where no service of the stack is."""
    if not targets:
        return
    wanted = json.dumps([[target.host, target.number] for target in targets])
    stranger = Sidecar(image, stack=stack.name, network="bridge")
    done = sidecar.run(engine, stranger, _CONNECT, wanted, str(_WITHIN), timeout=30 + _WITHIN * len(targets))
    found = json.loads(sidecar.seen(done, "Trying ports from another network"))
    for target, opened in zip(targets, found["opened"], strict=True):
        host = target.host or f"the host at {found['gateway']}"
        way = f"container on another network -> {host}:{target.number}"
        yield Attempt(target.service, target.port, way, bool(opened), target.intended)


def _publish(stack: Stack, service: str, port: int) -> Publish | None:
    meant: Service | None = next((each for each in stack.services if each.name == service), None)
    return (
        next((each for each in project.published(meant) if project.target(meant, each) == port), None)
        if meant
        else None
    )


def _opens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), _WITHIN).close()
    except OSError:
        return False
    return True
