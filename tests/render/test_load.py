"""The load script against a real server on loopback."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stackproof.render.load import stackproof_load


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(503 if self.path == "/broken" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:  # noqa: ANN401
        """Quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _run(*words: str) -> int:
    return stackproof_load.main(["--users", "2", "--seconds", "0.3", "--pause", "0.05", *words])


def test_it_reports_what_was_answered(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(address, "/", "/more") == 0
    assert '"failed": 0' in capsys.readouterr().out


def test_a_broken_answer_is_a_failure(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(address, "/broken") == 1
    assert '"503"' in capsys.readouterr().out


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_nothing_answered_is_another_failure(scheme: str) -> None:
    assert _run(f"{scheme}://127.0.0.1:9", "/") == 2


def test_shares_are_of_what_was_answered() -> None:
    report = stackproof_load.summary([(200, 0.001 * n) for n in range(1, 101)] + [(0, 9.0), (429, 0.5)], 10.0)
    assert report["answers"] == 101
    assert report["failed"] == 1
    assert report["p50_ms"] == 51.0
    assert report["p99_ms"] == 100.0
