"""What a server says to the opening of a WebSocket, read from a socket; and requests while something happens."""

import base64
import hashlib
import socket
import threading

import pytest

from stackproof.prove import handshake, meanwhile
from stackproof.prove.handshake import Opened
from stackproof.tools.http import Answer

KEY = base64.b64encode(bytes(16)).decode()
PROOF = base64.b64encode(hashlib.sha1(f"{KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()).decode()
SWITCHED = f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nsec-websocket-accept: {PROOF}\r\n\r\n".encode()
LONG = "0" * 300


@pytest.mark.parametrize(
    ("said", "opened"),
    [
        (SWITCHED + b"\x81\x02hi", Opened(101, True, "hi")),
        (SWITCHED + b"\x81\x7e\x01\x2c" + LONG.encode(), Opened(101, True, LONG[:200])),
        (SWITCHED + b"\x82\x02hi", Opened(101, True)),
        (SWITCHED + b"\x81\x05hi", Opened(101, True, problem="ConnectionError: the connection was closed")),
        (
            SWITCHED.replace(PROOF.encode(), b"x"),
            Opened(101, False, problem="ConnectionError: the connection was closed"),
        ),
        (b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno", Opened(400)),
        (b"HTTP/1.1 400 Bad", Opened(0, problem="the connection was closed")),
        (b"SSH-2.0-OpenSSH\r\n\r\n", Opened(0)),
    ],
)
def test_what_a_server_says(said: bytes, opened: Opened) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(said)
        theirs.shutdown(socket.SHUT_WR)
        assert handshake.read(ours, KEY, wait_for_words=True) == opened


def test_words_are_only_waited_for_where_they_are_due() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(SWITCHED)
        assert handshake.read(ours, KEY, wait_for_words=False) == Opened(101, True)


def test_the_request_names_the_page_that_a_browser_would_be_on() -> None:
    said = handshake.request("/ws?a=1", "shop.example:8643", "https://shop.example:8643", KEY, {"X-Api-Key": "k"})
    assert said.startswith(b"GET /ws?a=1 HTTP/1.1\r\nHost: shop.example:8643\r\nUpgrade: websocket\r\n")
    assert b"Origin: https://shop.example:8643\r\nX-Api-Key: k\r\n\r\n" in said


def test_requests_go_on_until_the_end_of_what_happens_and_no_longer() -> None:
    answered = threading.Event()

    def ask() -> Answer:
        answered.set()
        return Answer(200, {}, b"", 0.0)

    with meanwhile.asking(ask) as answers:
        assert answered.wait(60)
    assert {answer.status for answer in answers} == {200}
    count = len(answers)
    assert count >= 1


def test_a_bug_in_a_question_is_not_swallowed() -> None:
    begun = threading.Event()

    def ask() -> Answer:
        begun.set()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), meanwhile.asking(ask):
        assert begun.wait(60)
