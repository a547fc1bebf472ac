"""A request of which half is sent now and the rest later: what a client does that a shutdown meets in mid-sentence."""

import http.client
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from stackproof.tools.http import Answer

_PATIENCE = 20.0

Finish = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class _Half:
    connection: http.client.HTTPConnection
    rest: bytes

    def finish(self) -> Answer:
        begun = time.monotonic()
        try:
            self.connection.send(self.rest)
            answer = self.connection.getresponse()
            body = answer.read()
            return Answer(answer.status, dict(answer.getheaders()), body, time.monotonic() - begun)
        except (OSError, http.client.HTTPException) as problem:
            return Answer(0, {}, b"", time.monotonic() - begun, f"{type(problem).__name__}: {problem}")
        finally:
            self.connection.close()


def begin(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Finish:
    """Send the head and the first half of the body; the function returned sends the rest and reads the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_PATIENCE)
    middle = len(body) // 2
    try:
        connection.putrequest(method, parts.path + (f"?{parts.query}" if parts.query else ""))
        connection.putheader("Content-Type", "application/json")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:middle])
    except OSError as problem:
        connection.close()
        refused = Answer(0, {}, b"", 0.0, f"{type(problem).__name__}: {problem}")
        return lambda: refused
    return _Half(connection, body[middle:]).finish
