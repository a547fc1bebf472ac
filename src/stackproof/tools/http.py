"""One HTTP request, without redirects, retries or proxies: what was answered is a value."""

import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: no HTTP answer came; `problem` says why. `every` header as it was sent, those that come twice too."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    problem: str = ""
    every: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str:
        """ "" where it is not there; the case of its name says nothing (RFC 9110, 5.1)."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


def request(
    method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None, timeout: float = 20.0
) -> Answer:
    """Send it and read the whole answer. `timeout` in seconds for each wait on the socket.

    With https, the certificate is not checked: what answers here is our own stack, with a pair that nobody signed.
    """
    parts = urlsplit(url)
    begun = time.monotonic()
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, timeout)
    try:
        connection.request(
            method, parts.path + (f"?{parts.query}" if parts.query else ""), body=body, headers=dict(headers or {})
        )
        answer = connection.getresponse()
        read = answer.read()
        every = tuple(answer.getheaders())
        return Answer(answer.status, dict(every), read, time.monotonic() - begun, every=every)
    except (OSError, http.client.HTTPException) as problem:
        return Answer(0, {}, b"", time.monotonic() - begun, f"{type(problem).__name__}: {problem}")
    finally:
        connection.close()


def unchecked() -> ssl.SSLContext:
    """TLS with whoever answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port or 443, timeout=timeout, context=unchecked())
    return http.client.HTTPConnection(host, port or 80, timeout=timeout)
