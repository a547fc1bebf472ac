"""The way in: where the proxy answers, and paths by which each of its routes and each service behind it is asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from stackproof.errors import Unmeasurable
from stackproof.model.parts import Proxy, Route
from stackproof.model.running import Running
from stackproof.model.stack import Stack
from stackproof.tools.http import Answer, request

# What the proxy puts on every answer (render/nginx.py).
HEADERS = ("Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "X-Request-ID")

# nginx tries a dead address for 2 s before the next one, and more than once.
patiently = partial(request, timeout=20.0)


def has_proxy(stack: Stack) -> bool:
    return bool(_routes(stack))


def has_cache(stack: Stack) -> bool:
    return any(route.cached for route in _routes(stack))


def has_socket(stack: Stack) -> bool:
    return any(route.websocket for route in _routes(stack))


def _routes(stack: Stack) -> tuple[Route, ...]:
    """None where the proxy only comes up with a profile."""
    if stack.proxy is None or stack.service(stack.proxy.service).profiles:
        return ()
    return stack.proxy.routes


@dataclass(frozen=True, slots=True)
class Entrance:
    proxy: Proxy
    https: str  # "https://127.0.0.1:8443"
    plain: str  # "http://127.0.0.1:8080", where the redirect answers

    @property
    def host(self) -> str:
        return urlsplit(self.https).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.https).port or 443


def of(running: Running) -> Entrance:
    """Raises Unmeasurable where the runtime has left the proxy out."""
    proxy = running.stack.proxy
    if proxy is None or not running.stack.has(proxy.service):
        raise Unmeasurable("This runtime runs no proxy.", fix="Prove the stack on docker.")
    https = running.address(proxy.service)
    second = running.stack.service(proxy.service).more[0]
    return Entrance(proxy, https, f"http://{urlsplit(https).hostname}:{second.port}")


def unknown(route: Route) -> str:
    """A path that only this route answers, and that no application has."""
    return f"{route.prefix.rstrip('/')}/stackproof-asks"


def behind(proxy: Proxy) -> Iterator[tuple[str, str]]:
    """Each service that the proxy leads to, with a path that asks it: its health where that can be asked."""
    yield proxy.health_service, proxy.health
    seen = {proxy.health_service}
    for route in sorted(proxy.routes, key=lambda one: one.websocket or one.cached):
        if route.service not in seen:
            seen.add(route.service)
            yield route.service, route.prefix


def failed(answer: Answer) -> bool:
    """Nobody answered, or a server says that it cannot."""
    return answer.status == 0 or answer.status >= 500


def wait_open(running: Running, ask: Callable[[str, str], Answer], within: float = 30.0) -> None:
    """Until everything behind the proxy answers through it: it hears of a new address only seconds after its health."""
    proxy = running.stack.proxy
    if proxy is None or not any(each.name == proxy.service and each.status == "running" for each in running.states()):
        return
    https, begun = running.address(proxy.service), running.now()
    for _, path in behind(proxy):
        while failed(ask("GET", f"{https}{path}")) and running.now() - begun < within:
            running.pause(0.2)
