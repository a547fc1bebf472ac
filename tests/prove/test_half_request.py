"""A request sent in two halves, here to small servers of the test's own."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from stackproof.prove.inside import half_request

_ANSWER = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
_PATIENCE = 30.0


@contextmanager
def server(answer: bytes, *, stops: bool) -> Iterator[tuple[int, list[bytes]]]:
    """Takes one connection, and stops listening then, as servers do that are told to end."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        taken, _ = listener.accept()
        if stops:
            listener.close()
        with taken:
            taken.settimeout(_PATIENCE)
            said = b""
            while b"whole" not in said:
                said += taken.recv(4096)
            heard.append(said)
            taken.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
        thread.join(_PATIENCE)
    finally:
        listener.close()


def look(port: int, wait: float, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.setattr("sys.argv", ["-c", str(port)])
    return half_request.look("POST", "/tasks", {"X-Key": "k"}, '{"it": "is whole"}', wait, _PATIENCE)


def test_the_rest_is_sent_once_the_server_has_stopped_listening(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with server(_ANSWER, stops=True) as (port, heard):
        found = look(port, _PATIENCE, monkeypatch)
    assert found == {"begun": True, "stopped": True, "status": 202, "said": "ok"}
    assert capsys.readouterr().out == f"{half_request.BEGUN}\n"
    assert heard[0].startswith(b"POST /tasks HTTP/1.1\r\n")
    assert b"X-Key: k\r\n" in heard[0]
    assert heard[0].endswith(b'\r\n\r\n{"it": "is whole"}')


def test_a_server_that_goes_on_listening_gets_the_rest_nevertheless(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(_ANSWER, stops=False) as (port, _):
        found = look(port, 0.1, monkeypatch)
    assert found == {"begun": True, "stopped": False, "status": 202, "said": "ok"}


def test_a_server_that_hangs_up_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(b"", stops=False) as (port, _):
        found = look(port, 0.1, monkeypatch)
    assert found["status"] == 0
    assert "RemoteDisconnected" in str(found["said"])


def test_nobody_there(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    found = look(port, 0.1, monkeypatch)
    assert (found["begun"], found["status"]) == (False, 0)
    assert capsys.readouterr().out == ""
