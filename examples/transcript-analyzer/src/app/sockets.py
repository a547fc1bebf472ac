"""Progress pushed to browsers: a room for each job, a Redis message queue between the processes.

The worker tells the queue, every API process reads it and tells the sockets that it holds. Only
the WebSocket transport is offered: one connection for all, so replicas need no sticky sessions.
"""

import logging
import signal
from collections.abc import Iterable
from functools import cache
from threading import Lock, Thread, current_thread, main_thread
from types import FrameType
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_socketio import SocketIO, emit, join_room
from redis.exceptions import RedisError

from src.app.jobs import Jobs
from src.app.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# The listening connection waits for ever; TCP has to notice when the other end is gone.
_LISTENING = "socket_connect_timeout=5&socket_keepalive=true"
_TELLING = "socket_connect_timeout=1&socket_timeout=1"
_LARGEST_MESSAGE = 2_000  # bytes; a browser sends nothing but the id of a job
_PATH = "/socket.io"

# Left to themselves, these libraries would print lines of another form.
_LOGGERS = {
    "logger": logging.getLogger("socketio"),
    "engineio_logger": logging.getLogger("engineio"),
}


def attach(app: Flask, settings: Settings, jobs: Jobs) -> SocketIO:
    socketio = SocketIO(
        app,
        message_queue=settings.redis_url_with_password(_LISTENING),
        async_mode="threading",
        transports=["websocket"],
        cors_allowed_origins=lambda origin, environ: _welcome(settings, origin, environ),
        manage_session=False,
        max_http_buffer_size=_LARGEST_MESSAGE,
        path=_PATH,
        **_LOGGERS,
    )
    socketio.on_event("join", lambda asked=None: _join(jobs, asked))
    app.wsgi_app = SocketLimit(app.wsgi_app, settings.max_sockets)  # type: ignore[method-assign]
    _leave_with_the_server(socketio)
    return socketio


def announce(settings: Settings, status: dict[str, Any]) -> None:
    """From any process. A lost announcement is no loss of state: whoever asks is told the same."""
    queue = _queue(settings.redis_url_with_password(_TELLING))
    queue.emit("progress", status, to=status["id"])


class SocketLimit:
    """A WebSocket keeps its thread to the end; some must be left for everybody else."""

    def __init__(self, app: "WSGIApplication", most: int) -> None:
        self._app = app
        self._left = most
        self._lock = Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if not str(environ.get("PATH_INFO", "")).startswith(_PATH):
            return self._app(environ, start_response)
        if not self._taken():
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"too many sockets are open"]
        try:  # in here a WebSocket passes its whole life
            return self._app(environ, start_response)
        finally:
            with self._lock:
                self._left += 1

    def _taken(self) -> bool:
        with self._lock:
            if self._left == 0:
                return False
            self._left -= 1
            return True


def _welcome(settings: Settings, origin: str | None, environ: "WSGIEnvironment") -> bool:
    """The page's own origin, as the browser sees it, and those that ALLOWED_ORIGINS names."""
    own = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}"
    return origin is None or origin == own or origin in settings.origins()


def _join(jobs: Jobs, asked: object) -> None:
    """Into the room first, then the state: nothing that happens in between is missed."""
    job_id = asked.get("id") if isinstance(asked, dict) else None
    if not isinstance(job_id, str):
        emit("refused", {"error": "the id of a job is needed"}, ignore_queue=True)
        return
    try:
        status = jobs.status(job_id)
        if status is not None:
            join_room(job_id)
            status = jobs.status(job_id)
    except RedisError:
        emit("refused", {"id": job_id, "error": "the job store is away"}, ignore_queue=True)
        return
    if status is None:
        emit("refused", {"id": job_id, "error": "no such job"}, ignore_queue=True)
        return
    emit("progress", status, ignore_queue=True)


def _leave_with_the_server(socketio: SocketIO) -> None:
    """A server that is told to stop waits for open requests, and a socket is one without end."""
    if current_thread() is not main_thread():
        return
    before = signal.getsignal(signal.SIGTERM)
    if not callable(before):
        return

    def leave(number: int, frame: FrameType | None) -> None:
        # In a thread of its own: closing takes locks that the interrupted code may hold.
        Thread(target=_close_all, args=(socketio,), daemon=True).start()
        before(number, frame)

    signal.signal(signal.SIGTERM, leave)


def _close_all(socketio: SocketIO) -> None:
    socketio.server.eio.disconnect()


@cache
def _queue(url: str) -> SocketIO:
    return SocketIO(message_queue=url, async_mode="threading", **_LOGGERS)
