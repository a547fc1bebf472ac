"""The life of one Compose project's containers, told by the engine as it happens."""

import threading
import time
from dataclasses import dataclass
from typing import Any

from stackproof.errors import ToolFailed
from stackproof.tools.docker.engine import Engine, in_words, unreachable

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
NUMBER = "com.docker.compose.container-number"
_ACTIONS = ("create", "start", "die", "oom", "destroy", "health_status")


@dataclass(frozen=True)
class Happening:
    """One event of the engine, by its own clock in nanoseconds since 1970."""

    at: int
    container: str
    service: str
    action: str  # create, start, die, oom, destroy, healthy, unhealthy
    detail: str = ""
    replica: int = 1


class Watch:
    """Listens on a thread of its own from the moment it is made until it is closed or the process ends."""

    def __init__(self, engine: Engine, project: str, since: int) -> None:
        self._engine = engine
        self._changed = threading.Condition()
        self._seen: list[Happening] = []
        self._ended: ToolFailed | None = None
        self._closing = False
        self._api = engine.connection()
        filters = {"type": "container", "label": f"{PROJECT}={project}", "event": list(_ACTIONS)}
        with in_words("Listening to the Docker Engine", engine.endpoint):
            self._stream = self._api.events(since=since // 10**9, filters=filters, decode=True)
        self._since = since
        threading.Thread(target=self._listen, name="docker-events", daemon=True).start()

    def seen(self) -> tuple[Happening, ...]:
        with self._changed:
            return tuple(self._seen)

    @property
    def ended(self) -> bool:
        """The engine has closed the stream, as it does when it ends."""
        with self._changed:
            return self._ended is not None

    def wait(self, known: int, within: float) -> None:
        """Return when there are more than `known`, or after `within` seconds. Raises ToolFailed: engine gone."""
        until = time.monotonic() + within
        with self._changed:
            while len(self._seen) <= known and not self._ended:
                if (left := until - time.monotonic()) <= 0:
                    return
                self._changed.wait(left)
            if self._ended:
                raise self._ended

    def close(self) -> None:
        self._closing = True
        with in_words("Closing the stream of events", self._engine.endpoint):
            if not self._ended:  # the SDK cannot close a stream that has ended by itself
                self._stream.close()
            self._api.close()

    def _listen(self) -> None:
        from docker.errors import DockerException, StreamParseError
        from requests.exceptions import RequestException

        problem: Exception = ConnectionError("the stream of events ended")
        try:
            for event in self._stream:
                self._note(event)
        except (RequestException, DockerException, StreamParseError, OSError, ValueError) as broken:
            problem = broken
        with self._changed:
            if not self._closing:
                self._ended = unreachable("Listening to the Docker Engine", self._engine.endpoint, problem)
            self._changed.notify_all()

    def _note(self, event: dict[str, Any]) -> None:
        if (found := happening(event)) and found.at >= self._since:
            with self._changed:
                self._seen.append(found)
                self._changed.notify_all()


def happening(event: dict[str, Any]) -> Happening | None:
    """The engine's document as a value; None for one that tells nothing about a service."""
    attributes = event.get("Actor", {}).get("Attributes", {})
    service = attributes.get(SERVICE)
    if not service or attributes.get("com.docker.compose.oneoff") == "True":
        return None
    action, _, state = str(event.get("Action", "")).partition(": ")
    if action == "health_status":
        if state not in ("healthy", "unhealthy"):
            return None
        action = state
    detail = f"exit code {attributes['exitCode']}" if "exitCode" in attributes else ""
    replica = int(attributes.get(NUMBER, 1))
    return Happening(int(event["timeNano"]), str(event["Actor"]["ID"]), service, action, detail, replica)
