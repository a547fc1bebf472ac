"""The worker's own port: do the stores answer, and what was counted.

Served from a thread of the main process, which runs no tasks and so always has time for it.
It says nothing about a task that hangs; the time limit ends those.
"""

import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue

from personal_assistant.config import metrics
from personal_assistant.config.settings import get_settings
from personal_assistant.database import cache, session

_STORES = {"database": session.probe_apart, "broker": cache.probe_broker}


def serve(port: int) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("0.0.0.0", port), _Answers)  # noqa: S104  a container's own port
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


class _Answers(BaseHTTPRequestHandler):
    timeout = 10

    def do_GET(self) -> None:
        if self.path == "/health/live":
            self._json(HTTPStatus.OK, {"status": "ok"})
        elif self.path == "/health":
            checks = _checks()
            good = set(checks.values()) == {"ok"}
            status = HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE
            self._json(status, {"status": "ok" if good else "failing", "checks": checks})
        elif self.path == "/metrics":
            self._send(HTTPStatus.OK, metrics.CONTENT_TYPE, metrics.exposition())
        else:
            self._json(HTTPStatus.NOT_FOUND, {"detail": "Not Found"})

    def log_message(self, format: str, *args: object) -> None:
        """Probes come every few seconds; they are not worth a line."""

    def _json(self, status: HTTPStatus, answer: object) -> None:
        self._send(status, "application/json", json.dumps(answer).encode())

    def _send(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _checks() -> dict[str, str]:
    return {name: _state(probe) for name, probe in _STORES.items()}


def _state(probe: Callable[[], None]) -> str:
    """Left behind when it takes too long, as a silent server would have it."""
    limit = get_settings().store_timeout_seconds
    state: Queue[str] = Queue()
    threading.Thread(target=lambda: state.put(_outcome(probe)), daemon=True).start()
    try:
        return state.get(timeout=limit)
    except Empty:
        return f"no answer within {limit:g} s"


def _outcome(probe: Callable[[], None]) -> str:
    try:
        probe()
    except Exception as error:  # noqa: BLE001  whatever went wrong, this store is not ready
        return type(error).__name__
    return "ok"
