"""A server beside the real one that answers a health check in each wrong way, and at last rightly."""

import json
import socket
import struct
import sys
import threading
from collections.abc import Callable

PORTS = "ports"
GOOD = "good"
_POSTGRES_STARTS = b"SFATAL\0C57P03\0Mthe database system is starting up\0\0"

Answer = Callable[[bytes], bytes]


def look(kind: str, target: str, patience: float) -> dict[str, object]:
    """The first line of output has the port of each way to answer; `patience`: seconds in all.

    Nothing is answered rightly over TLS: a check that asks for it must fail in every case.
    """
    real, done = int(sys.argv[1]), threading.Event()
    asked: dict[str, int] = {}
    ports, servers = {"nobody listens": _closed()}, []
    for way, answer in _ways(kind, target, real).items():
        servers.append(server := socket.create_server(("127.0.0.1", 0)))
        ports[way] = server.getsockname()[1]
        threading.Thread(target=_serve, args=(server, way, answer, asked, done), daemon=True).start()
    sys.stdout.write(json.dumps({PORTS: ports}) + "\n")
    sys.stdout.flush()
    done.wait(patience)
    for server in servers:
        server.shutdown(socket.SHUT_RDWR)  # ends its thread
        server.close()
    return {"asked": asked}


def _closed() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _ways(kind: str, target: str, real: int) -> dict[str, Answer]:
    if kind == "redis":
        return {
            "it is answered NOAUTH": lambda _: b"-NOAUTH Authentication required.\r\n",
            "it is answered LOADING": lambda _: b"-LOADING Redis is loading the dataset in memory\r\n",
            GOOD: lambda said: b"+PONG\r\n" if b"PING" in said.upper() else b"+OK\r\n",
        }
    if kind == "postgres":
        starts = b"E" + struct.pack("!I", len(_POSTGRES_STARTS) + 4) + _POSTGRES_STARTS
        return {
            "the server is still starting up": lambda said: b"N" if len(said) == 8 else starts,
            GOOD: lambda said: b"N" if len(said) == 8 else b"R" + struct.pack("!II", 8, 3),
        }
    return {
        "it is answered by a redirect": lambda _: _http("302 Found", f"http://127.0.0.1:{real}{target}"),
        "it is answered 404": lambda _: _http("404 Not Found"),
        "it is answered 503": lambda _: _http("503 Service Unavailable"),
        GOOD: lambda _: _http("200 OK"),
    }


def _http(status: str, location: str = "") -> bytes:
    where = f"Location: {location}\r\n" if location else ""
    return f"HTTP/1.1 {status}\r\n{where}Content-Length: 3\r\nConnection: close\r\n\r\nok\n".encode()


def _serve(server: socket.socket, way: str, answer: Answer, asked: dict[str, int], done: threading.Event) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:  # closed
            return
        asked[way] = asked.get(way, 0) + 1
        with connection:
            _talk(connection, answer)
        if way == GOOD:
            done.set()


def _talk(connection: socket.socket, answer: Answer) -> None:
    connection.settimeout(10)
    try:
        while said := connection.recv(4096):
            connection.sendall(given := answer(said))
            if given.startswith((b"HTTP", b"E", b"R")):
                return
    except OSError:
        return
