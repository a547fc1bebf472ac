"""The real thing: gunicorn, a Celery worker, Valkey and WebSockets. Nothing here depends on how
fast the machine is: what should happen is waited for, long enough for any machine."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from typing import Any

import pytest
from redis import Redis
from simple_websocket import Client, ConnectionClosed

from conftest import PASSWORD, PROJECT, TEXT, serve
from src.app import analysis, prompts, sockets
from src.app.settings import Settings
from src.app.sockets import SocketLimit

_SOCKETS = "/socket.io/?EIO=4&transport=websocket"
PATIENCE = 120.0  # seconds; only a failure takes as long
LONG = "Ada met Bob at the old mill. Ken met Ada by the cold sea. Bob saw Ken in the wide park. "


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Server:
    def __init__(self, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port: int = listening.getsockname()[1]
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "src.app:create_app()"),
                    *("--bind", f"fd://{listening.fileno()}", "--worker-class", "gthread"),
                    *("--workers", "1", "--threads", "100", "--no-control-socket"),
                    # Longer than any test waits: a socket that holds the server back is seen.
                    *("--graceful-timeout", "600"),
                ],
                cwd=PROJECT,
                env=environment,
                pass_fds=[listening.fileno()],
                start_new_session=True,
            )

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def submit(self, text: str) -> str:
        status, said = self.ask("POST", "/api/jobs", {"title": "Engines", "text": text})
        assert status == 202
        return str(said["id"])

    def status(self, job_id: str) -> dict[str, Any]:
        code, said = self.ask("GET", f"/api/jobs/{job_id}")
        assert code == 200
        return dict(said)


class Worker:
    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = {**environment, "C_FORCE_ROOT": "1"}
        self.start()

    def start(self) -> None:
        command = "celery -A src.app.celery_app.celery worker -Q celery,default --concurrency 2"
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command.split()],
            cwd=PROJECT,
            env=self._environment,
            start_new_session=True,
        )

    def kill(self) -> None:
        _end(self._process)


class Live:
    """One WebSocket that speaks as much Socket.IO as the page does."""

    def __init__(self, server: Server) -> None:
        self.socket = Client.connect(f"ws://127.0.0.1:{server.port}{_SOCKETS}")
        # Not after the greeting: if that came with the handshake it shows with the next packet.
        self.socket.send("40")

    def join(self, job_id: object) -> None:
        self.socket.send("42" + json.dumps(["join", {"id": job_id}]))

    def event(self) -> tuple[str, dict[str, Any]]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            packet = self.socket.receive(timeout=1)
            if packet == "2":
                self.socket.send("3")
            elif packet is not None and packet.startswith("42"):
                name, data = json.loads(packet[2:])
                return name, data
        raise AssertionError("no event came")

    def follow(self) -> list[dict[str, Any]]:
        """What is told about a job, up to its end."""
        told: list[dict[str, Any]] = []
        while not told or told[-1]["state"] in ("queued", "processing"):
            name, data = self.event()
            assert name == "progress"
            told.append(data)
        return told

    def close(self) -> None:
        with suppress(ConnectionClosed):
            self.socket.close()
        self.socket.thread.join(PATIENCE)


@pytest.fixture(scope="module")
def port() -> int:
    return serve()


@pytest.fixture(scope="module")
def environment(port: int, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        **os.environ,
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "OUTPUT_DIR": str(tmp_path_factory.mktemp("shared") / "jobs"),
        "ALLOWED_ORIGINS": "https://friend.example",
        # A part takes a small fraction of a second; a lost message comes back after five.
        "TASK_TIME_LIMIT_SECONDS": "4",
        "VISIBILITY_TIMEOUT_SECONDS": "5",
    }


@pytest.fixture(scope="module")
def server(environment: dict[str, str]) -> Iterator[Server]:
    started = Server(environment)
    yield started
    _end(started.process)


@pytest.fixture(scope="module")
def worker(environment: dict[str, str]) -> Iterator[Worker]:
    started = Worker(environment)
    yield started
    started.kill()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """With all its children; it is the leader of a group of its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_progress_is_pushed_to_the_end(server: Server, worker: Worker) -> None:
    assert server.ask("GET", "/api/health")[0] == 200
    live = Live(server)
    text = LONG * 1000
    job_id = server.submit(text)
    live.join(job_id)
    told = live.follow()
    live.close()
    # Those of two processes may overtake each other, so their order says nothing.
    assert {status["id"] for status in told} == {job_id}
    assert (told[-1]["state"], told[-1]["completions"], told[-1]["progress"]) == ("done", 1, 100)
    status, result = server.ask("GET", f"/api/jobs/{job_id}/result")
    assert status == 200
    # Sets have another order in each process; the analysis must not.
    known = prompts.load(PROJECT / "prompts")
    expected = analysis.merge([analysis.analyse(p, known) for p in analysis.parts(text)], known)
    assert result == {"id": job_id, "title": "Engines", **expected}


def test_who_asks_for_nothing_is_told_so(server: Server) -> None:
    live = Live(server)
    for wrong in ("nobody", 5, None):
        live.join(wrong)
        name, data = live.event()
        assert name == "refused"
        assert data["error"] in ("no such job", "the id of a job is needed")
    live.close()


def test_pages_of_strangers_get_no_socket(server: Server) -> None:
    own = f"http://127.0.0.1:{server.port}"
    assert _handshake(server, own) == 101
    assert _handshake(server, "https://friend.example") == 101
    assert _handshake(server, "https://stranger.example") == 400
    assert _handshake(server, own.replace("http:", "https:")) == 400


def _handshake(server: Server, origin: str) -> int:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "Sec-WebSocket-Version": "13",
        "Origin": origin,
    }
    try:
        connection.request("GET", _SOCKETS, headers=headers)
        answer = connection.getresponse()
        answer.close()
        return answer.status
    finally:
        connection.close()


def test_the_queue_is_read_again_after_an_outage(server: Server, worker: Worker, port: int) -> None:
    live = Live(server)
    job_id = server.submit(TEXT)
    live.join(job_id)
    live.follow()
    with Redis(port=port, password=PASSWORD, decode_responses=True) as redis:
        (listens,) = [client["id"] for client in redis.client_list() if client["sub"] == "1"]
        redis.client_kill_filter(_id=listens)
    settings = Settings(redis_url=f"redis://127.0.0.1:{port}/0")

    def heard() -> bool:
        """What is announced while nobody listens is lost, so it is announced again and again."""
        sockets.announce(settings, {"id": job_id, "mark": True})
        packet = live.socket.receive(timeout=0.2)
        return packet is not None and "mark" in packet

    _until(heard)
    live.close()


def test_a_killed_worker_loses_nothing(server: Server, worker: Worker) -> None:
    jobs = [server.submit(LONG * 4000), server.submit(TEXT)]
    _until(lambda: server.status(jobs[0])["progress"] > 0)
    worker.kill()
    jobs.append(server.submit(TEXT))
    worker.start()
    _until(lambda: all(server.status(job_id)["state"] == "done" for job_id in jobs))
    assert [server.status(job_id)["completions"] for job_id in jobs] == [1, 1, 1]


def test_open_sockets_do_not_hold_the_server_back(environment: dict[str, str]) -> None:
    server = Server(environment)
    try:
        live = Live(server)
        live.join("nobody")
        live.event()
        server.process.terminate()
        assert server.process.wait(PATIENCE) == 0
        with pytest.raises(ConnectionClosed):
            while True:
                live.socket.receive(timeout=1)
        live.close()
    finally:
        _end(server.process)


def test_sockets_leave_threads_for_others() -> None:
    passed: list[str] = []
    refused: list[str] = []

    def inner(environ: dict[str, Any], _: object) -> list[bytes]:
        passed.append(environ["PATH_INFO"])
        if len(passed) == 1:  # while this one is open
            limited({"PATH_INFO": "/socket.io/"}, started)
            limited({"PATH_INFO": "/api/health"}, started)
        return []

    def started(status: str, *_: object) -> Callable[[bytes], object]:
        refused.append(status)
        return lambda _: None

    limited = SocketLimit(inner, 1)
    limited({"PATH_INFO": "/socket.io/"}, started)
    assert (passed, refused) == (["/socket.io/", "/api/health"], ["503 Service Unavailable"])
    limited({"PATH_INFO": "/socket.io/"}, started)
    assert passed[2:] == ["/socket.io/"]
