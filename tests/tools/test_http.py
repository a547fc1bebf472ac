"""One request, over TLS too; what was answered is a value."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackproof.tools import certificates
from stackproof.tools import http as asking


class _Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("X-Twice", "1")
        self.send_header("X-Twice", "2")
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server(tmp_path: Path) -> Iterator[int]:
    certificate, key = certificates.self_signed("_")
    (tmp_path / "certificate").write_text(certificate)
    (tmp_path / "key").write_text(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as serving:
        serving.socket = context.wrap_socket(serving.socket, server_side=True)
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield serving.server_port
        serving.shutdown()
        thread.join()


def test_a_pair_that_nobody_signed_is_answered(server: int) -> None:
    answer = asking.request("GET", f"https://127.0.0.1:{server}/a?b=c", timeout=60.0)
    assert (answer.status, answer.body, answer.problem) == (200, b"/a?b=c", "")


def test_headers_are_found_in_any_case_and_counted_as_they_came(server: int) -> None:
    answer = asking.request("GET", f"https://127.0.0.1:{server}/", timeout=60.0)
    assert [value for name, value in answer.every if name == "X-Twice"] == ["1", "2"]
    assert answer.header("x-twice") in ("1", "2")
    assert answer.header("X-Never") == ""


def test_no_answer_is_a_value_with_its_problem() -> None:
    answer = asking.request("GET", "https://127.0.0.1:1/")
    assert answer.status == 0
    assert "ConnectionRefusedError" in answer.problem


def test_the_pair_is_valid_for_who_trusts_it(server: int, tmp_path: Path) -> None:
    context = ssl.create_default_context(cafile=str(tmp_path / "certificate"))
    import socket

    with (
        socket.create_connection(("127.0.0.1", server), timeout=60.0) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        assert line.version() in ("TLSv1.2", "TLSv1.3")
