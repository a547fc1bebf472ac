"""The way in: where the proxy answers, and an example path for each of its routes."""

from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.errors import Unmeasurable
from stackproof.model.parts import Proxy, Route
from stackproof.model.running import Running
from stackproof.model.stack import Publish, Stack

# Of the headers that the proxy puts on every answer (render/nginx.py).
HEADERS = ("Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "X-Request-ID")


def has_proxy(stack: Stack) -> bool:
    return stack.proxy is not None and not stack.service(stack.proxy.service).profiles


def has_cache(stack: Stack) -> bool:
    return has_proxy(stack) and stack.proxy is not None and any(route.cached for route in stack.proxy.routes)


def has_socket(stack: Stack) -> bool:
    return has_proxy(stack) and stack.proxy is not None and any(route.websocket for route in stack.proxy.routes)


@dataclass(frozen=True, slots=True)
class Entrance:
    proxy: Proxy
    https: str  # "https://127.0.0.1:8443"
    http: Publish  # where the redirect answers


def of(running: Running) -> Entrance:
    """Raises Unmeasurable where the runtime has left the proxy out."""
    proxy = running.stack.proxy
    if proxy is None or not running.stack.has(proxy.service):
        raise Unmeasurable("There is no proxy on this runtime.", fix="Prove with --on docker.")
    service = running.stack.service(proxy.service)
    return Entrance(proxy, running.address(proxy.service), service.more[0])


def paths(proxy: Proxy) -> Iterator[tuple[Route, str]]:
    """A path that only this route answers, and that no application has: what comes back is the route's own doing."""
    for route in proxy.routes:
        yield route, f"{route.prefix.rstrip('/')}/stackproof-asks"
