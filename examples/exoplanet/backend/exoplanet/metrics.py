"""Requests become counts for Prometheus and lines in the log, right also with several workers."""

import logging
import os
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exoplanet.settings import get_settings

if get_settings().prometheus_multiproc_dir is None:
    # The library takes an empty variable for a folder, at the moment it is imported.
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

_log = logging.getLogger(__name__)

_requests = Counter("http_requests", "Requests answered.", ("method", "route", "status"))
_seconds = Histogram("http_request_seconds", "Time to the end of the answer.", ("route",))


def page() -> bytes:
    """All workers' counts if they share a folder, else those of this process."""
    if get_settings().prometheus_multiproc_dir is None:
        return generate_latest(REGISTRY)
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)


class Counted:
    """Counts every request but those for the counts themselves."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/metrics":
            await self._app(scope, receive, send)
            return
        begun, answered = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                # Before it is sent: who has the answer finds it counted, whichever worker is asked.
                answered = message["status"]
                _count(scope, answered)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            if not answered:
                _count(scope, 500)
            _note(scope, answered or 500, time.perf_counter() - begun)


def _count(scope: Scope, status: int) -> None:
    _requests.labels(scope["method"], _route(scope), str(status)).inc()


def _note(scope: Scope, status: int, seconds: float) -> None:
    _seconds.labels(_route(scope)).observe(seconds)
    probe = scope["path"].startswith("/health") and status < 500
    fields = {"method": scope["method"], "path": scope["path"], "status": status}
    _log.log(
        logging.DEBUG if probe else logging.INFO,
        "request",
        extra={"fields": {**fields, "seconds": round(seconds, 4)}},
    )


def _route(scope: Scope) -> str:
    """The pattern, not the path: a stranger's paths must not become ever more series."""
    return getattr(scope.get("route"), "path", "unknown")
