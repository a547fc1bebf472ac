"""Every socket on which a service listens, tried from where only a way in from outside would open."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address

from stackproof.model.running import Attempt
from stackproof.model.stack import Service
from stackproof.run.process.proc import Identity
from stackproof.run.process.resolve import LOCAL

# An address of this machine on which nobody listens by name: only a socket that is open to every address answers
# there. What is sent to it never leaves the machine.
_ANY_ADDRESS = {4: "127.0.0.2", 6: "::1"}


def attempts(service: Service, port: int | None, processes: tuple[Identity, ...]) -> Iterator[Attempt]:
    """Those of one service; `port` is the one it was given."""
    for address, number in sorted(_listening(processes)):
        if service.publish and number == port:
            yield Attempt(service.name, number, f"host {LOCAL}:{number}", _opens(LOCAL, number), intended=True)
        yield _from_outside(service, address, number)


def _from_outside(service: Service, address: str, port: int) -> Attempt:
    bound = ip_address(address)
    way = _ANY_ADDRESS[bound.version] if bound.is_loopback or bound.is_unspecified else address
    opened = _opens(way, port) and not (way == address and bound.is_loopback)
    where = f"bound to {address}, tried at {way}:{port} for any address that is not {LOCAL}"
    intended = bool(service.publish and not ip_address(service.publish.address).is_loopback)
    return Attempt(service.name, port, where, opened, intended)


def _listening(processes: tuple[Identity, ...]) -> set[tuple[str, int]]:
    import psutil

    found: set[tuple[str, int]] = set()
    for who in processes:
        try:
            connections = psutil.Process(who.pid).net_connections("tcp")
        except psutil.Error:
            continue  # it has ended meanwhile
        found |= {
            (one.laddr.ip, one.laddr.port) for one in connections if one.status == psutil.CONN_LISTEN and one.laddr
        }
    return found


def _opens(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=2.0):
            return True
    except OSError:
        return False
