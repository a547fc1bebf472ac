"""Where the load of the proof goes, and who sends it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from stackproof.errors import Unmeasurable
from stackproof.model.running import Running
from stackproof.model.stack import Service, Stack
from stackproof.prove import present
from stackproof.tools.open_loop import Shot

# `tools.open_loop.sending`, or what stands in for it.
Sending = Callable[[Sequence[str], float, Mapping[str, str]], AbstractContextManager[list[Shot]]]


def has_web(stack: Stack) -> bool:
    return any(service.role == "web" and not service.profiles for service in stack.services)


def target(running: Running) -> tuple[str, tuple[str, ...]]:
    """Where the stack is entered, and the paths to ask for there.

    Those of [prove.load]; where it names none, the health route and the one of [prove.metrics].
    """
    way, web, health = _entered(running)
    metered = running.stack.metered
    known = (health, metered.path) if metered and metered.service == web.name else (health,)
    return way, running.stack.pace.paths or tuple(dict.fromkeys(known))


def _entered(running: Running) -> tuple[str, Service, str]:
    """The address of the proxy, or of the first web service; who answers there, and its health route."""
    stack = running.stack
    proxy = stack.proxy
    if proxy is not None and stack.has(proxy.service):
        return running.address(proxy.service), stack.service(proxy.health_service), proxy.health
    for web in present.of_role(running, "web"):
        return running.address(web.name), web, web.health.target if web.health else "/"
    raise Unmeasurable("This runtime runs no web service.", fix="There is nobody to ask.")
