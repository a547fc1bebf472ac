"""The opening handshake of a WebSocket (RFC 6455, 4.1), and the first message that comes on it."""

import base64
import hashlib
import http.client
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from stackproof.tools.http import unchecked

_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_PATIENCE = 15.0  # seconds for each wait
_TEXT = 0x81  # a whole message of text


@dataclass(frozen=True, slots=True)
class Opened:
    """`status` 0: no answer came. `said`: the first message, where one was waited for."""

    status: int
    right_key: bool = False
    said: str = ""
    problem: str = ""


Handshake = Callable[[str, Mapping[str, str], bool], Opened]


def shake(url: str, headers: Mapping[str, str], wait_for_words: bool) -> Opened:
    parts = urlsplit(url)
    key = base64.b64encode(os.urandom(16)).decode()
    try:
        with _connected(parts.hostname or "", parts.port or 443, secure=parts.scheme == "https") as connection:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.sendall(request(path, parts.netloc, f"{parts.scheme}://{parts.netloc}", key, headers))
            return read(connection, key, wait_for_words=wait_for_words)
    except (OSError, http.client.HTTPException) as problem:
        return Opened(0, problem=f"{type(problem).__name__}: {problem}")


def _connected(host: str, port: int, *, secure: bool) -> socket.socket:
    plain = socket.create_connection((host, port), _PATIENCE)
    return unchecked().wrap_socket(plain, server_hostname=host) if secure else plain


def request(path: str, host: str, origin: str, key: str, headers: Mapping[str, str]) -> bytes:
    lines = {
        "Host": host, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13", "Origin": origin, **headers,
    }  # fmt: skip
    said = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{said}\r\n".encode()


def read(connection: socket.socket, key: str, *, wait_for_words: bool) -> Opened:
    """The head is read byte by byte: what comes after it is no HTTP."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        if not (byte := connection.recv(1)) or len(head) > 65536:
            return Opened(0, problem="the connection was closed")
        head += byte
    first, _, rest = head.decode("latin-1").partition("\r\n")
    status = int(words[1]) if len(words := first.split(" ", 2)) > 1 and words[1].isdecimal() else 0
    proof = base64.b64encode(hashlib.sha1(f"{key}{_MAGIC}".encode()).digest()).decode()  # noqa: S324  the RFC's own
    lines = [line.partition(":") for line in rest.splitlines()]
    right = any(name.lower() == "sec-websocket-accept" and value.strip() == proof for name, _, value in lines)
    if status != 101 or not wait_for_words:
        return Opened(status, right)
    try:
        return Opened(status, right, _message(connection))
    except OSError as problem:
        return Opened(status, right, problem=f"{type(problem).__name__}: {problem}")


def _message(connection: socket.socket) -> str:
    """The first one, where it is text in one short frame, as Engine.IO's is; servers never mask theirs."""
    kind, length = _exactly(connection, 2)
    if length == 126:
        length = int.from_bytes(_exactly(connection, 2), "big")
    return _exactly(connection, length).decode("utf-8", "replace")[:200] if kind == _TEXT else ""


def _exactly(connection: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        if not (more := connection.recv(size - len(found))):
            raise ConnectionError("the connection was closed")
        found += more
    return found
