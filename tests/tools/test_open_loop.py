"""Requests that do not wait for each other."""

import http.server
import itertools
import threading
from collections.abc import Iterator

import pytest

from stackproof.tools import open_loop

PATIENCE = 60.0


class Server(http.server.ThreadingHTTPServer):
    """Counts what it is asked; the first request is held back until others have come."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.numbers = itertools.count(1)
        self.others = threading.Event()
        self.headers: list[str] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        number = next(self.server.numbers)
        self.server.headers.append(self.headers.get("X-Key", ""))
        if number == 1:
            self.server.others.wait(PATIENCE)
        elif number == 5:
            self.server.others.set()
        self.send_response(int(self.path[1:4]))
        self.send_header("Location", "/500")
        self.send_header("Set-Cookie", "a=b")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


def test_the_next_request_does_not_wait_for_the_last_one(server: Server) -> None:
    with open_loop.sending([server.url("/200"), server.url("/302")], 100.0, {"X-Key": "k"}) as shots:
        assert server.others.wait(PATIENCE)
    shots.sort(key=lambda shot: shot.at)
    assert len(shots) >= 5
    assert {shot.status for shot in shots} == {200, 302}
    assert [round(shot.at, 3) for shot in shots[:5]] == [0.0, 0.01, 0.02, 0.03, 0.04]
    assert all(shot.seconds >= shot.late >= 0.0 for shot in shots)
    assert set(server.headers) == {"k"}


def test_no_answer_is_a_value_with_its_problem() -> None:
    tried = threading.Event()
    with open_loop.sending(["http://127.0.0.1:1/"], 100.0, {}) as shots:
        while not shots:
            tried.wait(0.01)
    assert shots[0].status == 0
    assert shots[0].problem.startswith("ClientConnectorError: Cannot connect to host 127.0.0.1:1")


def test_too_many_that_wait_are_said_and_not_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_loop, "_WAITING", 1)
    with open_loop.sending([server.url("/200")], 100.0, {}) as shots:
        while not shots:
            server.others.wait(0.01)
        server.others.set()
    assert shots[0].problem == "not sent: 1 others were waiting for their answers"
    assert any(shot.status == 200 for shot in shots)
