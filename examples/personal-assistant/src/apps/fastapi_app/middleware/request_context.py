"""Each request gets an id, one log line, its numbers and a span."""

import logging
import re
import time
from uuid import uuid4

from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from personal_assistant.config import logs, metrics, tracing

_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_log = logging.getLogger(__name__)


class RequestContext:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        found = given if _SANE.fullmatch(given) else uuid4().hex
        token = logs.request_id.set(found)
        try:
            with tracing.span(scope["method"], SpanKind.SERVER, _parent(headers)) as span:
                await self._answer(scope, receive, send, found)
                span.update_name(f"{_method(scope)} {_route(scope)}")
        finally:
            logs.request_id.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, found: str) -> None:
        since = time.perf_counter()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = found
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            _count(scope, status, time.perf_counter() - since)


def _count(scope: Scope, status: int, seconds: float) -> None:
    method, route = _method(scope), _route(scope)
    metrics.REQUESTS.labels(method, route, str(status)).inc()
    metrics.SECONDS.labels(method, route).observe(seconds)
    level = logging.DEBUG if route in ("/health", "/health/live", "/metrics") else logging.INFO
    fields = {"status": status, "milliseconds": round(seconds * 1000, 1)}
    _log.log(level, "%s %s", method, scope["path"], extra={"fields": fields})


def _method(scope: Scope) -> str:
    """Labels must not be made up by callers."""
    return scope["method"] if scope["method"] in _METHODS else "other"


def _route(scope: Scope) -> str:
    """The path as the code has it, without ids."""
    return getattr(scope.get("route"), "path", "unmatched")


def _parent(headers: Headers) -> dict[str, str]:
    return {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
