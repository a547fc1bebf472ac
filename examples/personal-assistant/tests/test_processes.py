"""The real commands: a worker with beat over a real broker, and an API of two workers."""

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from conftest import HERE, Person
from personal_assistant.database.models import now
from servers import free_port

_DEADLINE = 120  # seconds, for a very busy machine

T = TypeVar("T")


@contextmanager
def _started(log: Path, *command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  our own commands
            [sys.executable, "-m", *command],
            cwd=HERE,
            env={**os.environ, "PYTHONPATH": "src", **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _until(ask: Callable[[], T | None], process: subprocess.Popen[bytes], log: Path) -> T:
    since = time.monotonic()
    while time.monotonic() - since < _DEADLINE:
        if (found := ask()) is not None:
            return found
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


_client = httpx.Client(timeout=60, trust_env=False, headers={"Connection": "close"})


def _answer(url: str) -> httpx.Response | None:
    try:
        answer = _client.get(url)
    except httpx.TransportError:
        return None
    return answer if answer.status_code == 200 else None


def _json_lines(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def test_a_worker(ada: Person, agent: str, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    (tmp_path / "metrics").mkdir()
    command = (
        "celery --app personal_assistant.workers.celery_app worker --concurrency 1 --beat "
        f"--without-gossip --without-mingle --schedule {tmp_path}/schedule"
    )
    with _started(
        log,
        *command.split(),
        WORKER_HEALTH_PORT=str(port),
        PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "metrics"),
        AGENT_URL=agent,
    ) as process:
        url = f"http://127.0.0.1:{port}"
        health = _until(lambda: _answer(f"{url}/health"), process, log)
        assert health.json()["checks"] == {"database": "ok", "broker": "ok"}
        ada.post("/api/v1/reminders", text="now", due_at=now().isoformat())
        sent = ada.call(
            "POST",
            "/api/v1/messages",
            json={"text": "Note that it rains."},
        )
        path = f"/api/v1/messages/{sent.json()['id']}"

        def done() -> dict[str, object] | None:
            message: dict[str, object] = ada.get(path).json()
            return message if message["state"] == "done" else None

        message = _until(done, process, log)
        assert (message["attempts"], message["completions"]) == (1, 1)
        _until(lambda: ada.get("/api/v1/events").json() or None, process, log)
        numbers = _client.get(f"{url}/metrics").text
        wanted = 'assistant_tasks_total{outcome="done",task="answer_message"} 1.0'
        assert wanted in numbers.splitlines()
    assert process.returncode == 0
    ids = {line.get("request_id") for line in _json_lines(log) if "done after" in str(line)}
    assert ids == {sent.headers["X-Request-ID"]}


def test_the_numbers_of_two_workers_add_up(fresh: None, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    (tmp_path / "metrics").mkdir()
    command = f"uvicorn apps.fastapi_app.main:app --port {port} --workers 2"
    with _started(
        log, *command.split(), PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "metrics")
    ) as process:
        url = f"http://127.0.0.1:{port}"
        _until(lambda: _answer(f"{url}/health/live"), process, log)
        for number in range(40):
            _client.get(f"{url}/api/v1/notes/{number:032}")
        route = "/api/v1/notes/{row_id}"
        wanted = f'http_requests_total{{method="GET",route="{route}",status="401"}} 40.0'
        for _ in range(4):
            lines = _client.get(f"{url}/metrics").text.splitlines()
            assert [line for line in lines if 'status="401"' in line and "total" in line] == [
                wanted
            ]


_TRACED = """
from opentelemetry import trace
from opentelemetry.trace import SpanKind
from personal_assistant.config import tracing
from personal_assistant.config.settings import get_settings
tracing.configure(get_settings(), "traced-service")
with tracing.span("outer", SpanKind.SERVER):
    print(tracing.carrier().get("traceparent", "none"))
"""


@pytest.mark.parametrize("endpoint", [True, False])
def test_traces_are_sent_only_if_there_is_somewhere_to_send_them(
    endpoint: bool, running: object, tmp_path: Path
) -> None:
    bodies: list[tuple[str, bytes]] = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            bodies.append((self.path, self.rfile.read(length)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{collector.server_address[1]}" if endpoint else ""
        traced = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _TRACED],
            env={**os.environ, "PYTHONPATH": "src", "OTEL_EXPORTER_OTLP_ENDPOINT": address},
            cwd=HERE,
            capture_output=True,
            text=True,
            check=True,
            timeout=_DEADLINE,
        )
        collector.shutdown()
    assert (traced.stdout.strip() != "none") is endpoint
    assert [path for path, _ in bodies] == (["/v1/traces"] if endpoint else [])
    assert all(b"traced-service" in body and b"outer" in body for _, body in bodies)
