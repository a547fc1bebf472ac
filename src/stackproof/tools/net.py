"""Ports of this host."""

import re
import socket

# What uv, pip, apt and Go say where no server can be reached.
_UNREACHED = re.compile(
    r"dns error|failed to lookup address|error sending request for url|Could not resolve|Name or service not known"
    r"|Temporary failure (?:in name resolution|resolving)|Network is unreachable|no such host|i/o timeout"
)
NETWORK_FIX = "Look at the network, the proxy (HTTPS_PROXY) or the package index in use (UV_INDEX_URL), then try again."


def unreached(said: str) -> bool:
    """Whether a tool's last words tell of a network that is not there: then nothing of the project is at fault."""
    return bool(_UNREACHED.search(said))


def free_port(address: str = "127.0.0.1") -> int:
    """A TCP port that nobody listens on right now; another program may take it before we do."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port
