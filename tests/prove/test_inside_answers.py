"""The server that answers wrongly, the many requests, and the look at a service's own processes."""

import json
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from stackproof.prove.inside import false_server, main_process, many_requests

_ASK = {"http": b"GET / HTTP/1.1\r\n\r\n", "redis": b"PING\r\n", "postgres": b"x" * 40}


class Asking:
    """Standard output: whoever reads the ports asks at each of them, the right one last."""

    def __init__(self, said: bytes) -> None:
        self.said, self.heard, self.refused = said, dict[str, bytes](), list[str]()

    def write(self, text: str) -> None:
        ports = json.loads(text)["ports"]
        for way in sorted(ports, key="good".__eq__):
            try:
                self.heard[way] = self._answer(ports[way])
            except ConnectionRefusedError:
                self.refused.append(way)

    def _answer(self, port: int) -> bytes:
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(self.said)
            return connection.recv(4096)

    def flush(self) -> None:
        """Nothing waits."""


@pytest.mark.parametrize(
    ("kind", "way", "begins", "good"),
    [
        (
            "http",
            "it is answered by a redirect",
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:81/health\r\n",
            b"HTTP/1.1 200",
        ),
        ("redis", "it is answered NOAUTH", b"-NOAUTH", b"+PONG"),
        ("postgres", "the server is still starting up", b"E", b"R\0\0\0\x08\0\0\0\x03"),
    ],
)
def test_each_way_to_answer(kind: str, way: str, begins: bytes, good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(_ASK[kind])
    monkeypatch.setattr(sys, "stdout", asking)
    monkeypatch.setattr(sys, "argv", ["-c", "81"])
    found = false_server.look(kind, "/health", 30.0)
    assert asking.refused == ["nobody listens"]
    assert asking.heard[way].startswith(begins)
    assert asking.heard["good"].startswith(good)
    assert found["asked"] == dict.fromkeys(asking.heard, 1)


def test_a_client_that_hangs_up_ends_its_own_talk_alone() -> None:
    here, there = socket.socketpair()
    with here, there:
        there.close()
        false_server._talk(here, lambda said: said)
    here, there = socket.socketpair()
    with here:
        there.sendall(b"AUTH")
        there.close()
        false_server._talk(here, lambda _: b"+OK\r\n" * 100_000)


def test_postgres_has_no_tls() -> None:
    assert {answer(b"12345678") for answer in false_server._ways("postgres", "", 1).values()} == {b"N"}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/a" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silence."""


def test_requests_go_round_the_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        monkeypatch.setattr(sys, "argv", ["-c", str(server.server_port)])
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        assert many_requests.look(["/a", "/b"], {}, 5) == {"counts": {"200": 3, "404": 2}}
        server.shutdown()
        thread.join()
    assert many_requests.look(["/a"], {}, 2) == {"counts": {"0": 2}}


ENVIRONMENTS = {
    1: {"A": "1", "B": "2"}, 7: {"A": "7"}, 8: {}, 20: {"A": "20", "STACKPROOF_UP": "x/api/"},
}  # fmt: skip
PARENTS = {1: "0", 7: "1", 8: "7", 20: "0"}


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_process, "_all", lambda: [20, 8, 7, 1])
    monkeypatch.setattr(main_process, "_environment", ENVIRONMENTS.__getitem__)
    monkeypatch.setattr(main_process, "_status", lambda pid: {"PPid": PARENTS[pid], "VmRSS": f"{pid} kB"})
    monkeypatch.delenv("STACKPROOF_UP", raising=False)


@pytest.mark.usefixtures("processes")
def test_in_a_container_the_first_process_and_its_children_are_the_service() -> None:
    found = main_process.look(["A", "C"])
    assert found == {"processes": 3, "resident": 16 * 1024, "held": {"A": "1"}, "named": ["A", "B"]}


@pytest.mark.usefixtures("processes")
def test_plain_processes_have_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACKPROOF_UP", "x/api/")
    assert main_process.look(["A"])["held"] == {"A": "20"}
    monkeypatch.setenv("STACKPROOF_UP", "gone")
    assert main_process.look(["A"]) == {"processes": 0, "resident": 0, "held": {}, "named": []}


def test_a_process_that_is_gone_has_nothing() -> None:
    assert main_process._status(2**30) == main_process._environment(2**30) == {}
    assert main_process._all()
    assert main_process._resident(2**30) == 0
