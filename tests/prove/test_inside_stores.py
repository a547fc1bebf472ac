"""The scripts that ask stores, servers and files from inside a service, each against something real and small."""

import hashlib
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from stackproof.prove.inside import asked, migrating, redis_says, secrets_held


@contextmanager
def _server(replies: list[bytes]) -> Iterator[int]:
    """Answers each command that comes with the next reply, then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                for reply in replies:
                    connection.recv(1000)
                    connection.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join()


def test_replies_of_every_kind_become_words(monkeypatch: pytest.MonkeyPatch) -> None:
    replies = [
        b"+OK\r\n",
        b"-NOAUTH no\r\n",
        b":7\r\n",
        b"$-1\r\n",
        b"$5\r\nhello\r\n",
        b"*2\r\n$1\r\na\r\n:1\r\n",
        b"",
    ]
    with _server(replies) as port:
        monkeypatch.setenv("REDIS_URL", f"redis://:se%40cret@127.0.0.1:{port}/0")
        found = redis_says.look("REDIS_URL", "", 6379, [[["PING"]] * 7])
    assert found["replies"] == [["OK", "-NOAUTH no", "7", "(nothing)", "hello", "a 1", "-(the connection was closed)"]]
    assert found["address"] == f"127.0.0.1:{port}"


def test_host_and_port_can_stand_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    with _server([b"+PONG\r\n"]) as port:
        monkeypatch.setenv("REDIS_HOST", "127.0.0.1")
        monkeypatch.setenv("REDIS_PORT", str(port))
        assert redis_says.look("REDIS_HOST", "REDIS_PORT", 6379, [[["PING"]]])["replies"] == [["PONG"]]


def test_commands_are_sent_as_they_are() -> None:
    assert redis_says._encoded(["SET", "ä b"]) == b"*2\r\n$3\r\nSET\r\n$4\r\n\xc3\xa4 b\r\n"


class _Named(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"{self.path} {self.headers['X-Who']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - that is its name
        """Nobody reads it."""


def test_a_server_is_asked_so_often() -> None:
    with HTTPServer(("127.0.0.1", 0), _Named) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        found = asked.look(server.server_port, "/notes", {"X-Who": "me"}, 3)
        server.shutdown()
        thread.join()
    good = {"status": 200, "body": hashlib.sha256(b"/notes me").hexdigest(), "problem": ""}
    assert found == {"answers": [good] * 3, "text": "/notes me"}


def test_a_server_that_is_not_there_is_an_answer() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        found = asked.look(int(taken.getsockname()[1]), "/", {}, 1)
    assert found["answers"] == [{"status": 0, "body": "", "problem": "ConnectionRefusedError"}]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_files_are_hashed_without_their_last_line_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("a$b\n")
    monkeypatch.setenv("TOKEN_FILE", str(tmp_path / "token"))
    found = secrets_held.look(["TOKEN_FILE", str(tmp_path / "gone")], [], "<mark:")
    assert found["files"] == {
        "TOKEN_FILE": _hash("a$b"),
        str(tmp_path / "gone"): "cannot be read (FileNotFoundError)",
    }


def test_variables_of_a_process_like_it_where_there_is_no_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACKPROOF_TRIED", "redis://:a%40b@host:1/0")
    monkeypatch.setenv("STACKPROOF_WHOLE", "a%40b")
    pattern = r"redis://:(.+)@.*?:.*?/0"
    found = secrets_held.look(
        [], [["STACKPROOF_TRIED", pattern], ["STACKPROOF_WHOLE", "(.+)"], ["STACKPROOF_NONE", "(.+)"]], "<mark:"
    )
    assert found["from"] == "a process started like the service's"
    assert found["variables"] == {
        "STACKPROOF_TRIED": _hash("a@b"), "STACKPROOF_WHOLE": _hash("a%40b"), "STACKPROOF_NONE": "is not set",
    }  # fmt: skip


def test_a_value_of_another_form_is_said() -> None:
    assert secrets_held._held("postgres://x", "redis://(.+)@.*?") == "has another form"


def test_the_main_process_is_the_first_that_has_no_mark_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"1": {"TOKEN": "<mark:/run/secrets/token>"}, str(os.getpid()): {"TOKEN": "real"}}
    monkeypatch.setattr(secrets_held, "_environment", lambda process: known.get(process, {}))
    assert secrets_held._main("<mark:", ["TOKEN"]) == (f"process {os.getpid()}", {"TOKEN": "real"})
    del known[str(os.getpid())]
    assert secrets_held._main("<mark:", ["TOKEN"]) == ("no process", {})


def test_commands_run_against_the_other_database_until_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://shop:x@host:1/shop?sslmode=off")
    monkeypatch.setenv("PGDATABASE", "shop")
    show = [sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'], os.environ['PGDATABASE'])"]
    fail = [sys.executable, "-c", "raise SystemExit('no such table')"]
    found = migrating.look(["DATABASE_URL", "PGDATABASE"], "shop", "drill", [show, fail, show])
    ran = found["ran"]
    assert isinstance(ran, list)
    assert [(each["code"], each["said"]) for each in ran] == [
        (0, "postgresql://shop:x@host:1/drill?sslmode=off drill"),
        (1, "no such table"),
    ]
