"""Ports of this host."""

import socket


def free_port(address: str = "127.0.0.1") -> int:
    """A TCP port that nobody listens on right now; another program may take it before we do."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port
