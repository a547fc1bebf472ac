"""Ports of this machine: the published ones must be free, the others are found."""

import socket
import zlib
from collections.abc import Iterable, Mapping

from stackproof.errors import UserError
from stackproof.model.stack import Service, Stack
from stackproof.run.process.resolve import LOCAL

# Below the range that the kernel takes for outgoing connections (32768 on Linux), above the well-known servers.
_FIRST, _COUNT = 20_000, 12_000


def assigned(services: Iterable[Service], stack: Stack, held: Mapping[str, int]) -> dict[str, int]:
    """A port for every service that listens: its published one, the one it holds already, or a free one.

    The same stack gets the same ports again as long as they are free. Raises UserError for a published one in use.
    """
    found: dict[str, int] = {}
    for service in services:
        if service.port is None:
            continue
        if service.publish:
            found[service.name] = service.publish.port
            if held.get(service.name) != service.publish.port:
                _demand_free(service.publish.port, service.name)
        else:
            found[service.name] = held.get(service.name) or _free(f"{stack.name}/{service.name}", set(found.values()))
    return found


def free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # old connections of ours do not count
        try:
            probe.bind((LOCAL, port))
        except OSError:
            return False
        return True


def _free(label: str, taken: set[int]) -> int:
    begin = zlib.crc32(label.encode())
    for step in range(_COUNT):
        port = _FIRST + (begin + step) % _COUNT
        if port not in taken and free(port):
            return port
    raise UserError(f"no free port between {_FIRST} and {_FIRST + _COUNT}", fix="Stop some servers on this machine.")


def _demand_free(port: int, service: str) -> None:
    if free(port):
        return
    if port < 1024:
        raise UserError(
            f"port {port} of {service} is in use, or needs rights that you do not have{_holder(port)}",
            fix=_fix(service),
        )
    raise UserError(f"port {port} of {service} is in use{_holder(port)}", fix=_fix(service))


def _fix(service: str) -> str:
    return f"Stop what uses it, or choose another port: [services.{service}] publish = … in stackproof.toml."


def _holder(port: int) -> str:
    """Who listens there, where the kernel tells us."""
    import psutil

    try:
        for one in psutil.net_connections("tcp"):
            if one.status == psutil.CONN_LISTEN and one.laddr and one.laddr.port == port and one.pid:
                return f" by pid {one.pid} ({psutil.Process(one.pid).name()})"
    except psutil.Error:
        return ""
    return ""
