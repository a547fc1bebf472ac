"""The services that a running stack keeps up: those without a profile and others that are there; jobs have ended."""

import re
from collections.abc import Iterator

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Json
from stackproof.model.running import Running
from stackproof.model.stack import Role, Service, Stack

_HOST = re.compile(r"@\{([a-z0-9_-]+)\.(?:host|port)\}")


def services(running: Running) -> tuple[Service, ...]:
    there = {state.name for state in running.states()}
    found = (service for service in running.stack.services if not service.profiles or service.name in there)
    return tuple(service for service in found if not service.one_shot)


def of_role(running: Running, role: Role) -> tuple[Service, ...]:
    return tuple(service for service in services(running) if service.role == role)


def workers(running: Running) -> tuple[Service, ...]:
    """Raises Unmeasurable where the stack has none."""
    if found := of_role(running, "worker"):
        return found
    raise Unmeasurable("The stack has no worker.", fix="There is nothing to do: this claim is about background tasks.")


def has_worker(stack: Stack) -> bool:
    """What is claimed about tasks is asked of a stack that does some."""
    return any(service.role == "worker" for service in stack.services)


def talks_to(service: Service) -> dict[str, str]:
    """The services that its command or environment names as a host, with where that is said."""
    return {name: said for said, text in reversed(tuple(_texts(service))) for name in _HOST.findall(text)}


def _texts(service: Service) -> Iterator[tuple[str, str]]:
    yield "its command", " ".join(service.command)
    for assignment in service.environment:
        yield assignment.name, assignment.value or ""


def replicas(running: Running, *services: str) -> tuple[tuple[str, int], ...]:
    """Each replica that there is of these services: its service's name, and its number."""
    return tuple(sorted((state.name, state.replica) for state in running.states() if state.name in services))


def logs(running: Running, service: str) -> str:
    """What all its replicas wrote: any of them may have got the request or the task."""
    return "\n".join(running.logs(name, replica) for name, replica in replicas(running, service))


def addresses(running: Running, service: str) -> list[Json]:
    """Of all its replicas."""
    return [address for name, replica in replicas(running, service) for address in running.addresses(name, replica)]


def neighbour(running: Running, store: str) -> tuple[Service, str, str]:
    """A Python service that talks to the store, with the variables that hold its host, or its URL, and its port.

    The second is "" where there is none. Raises Unmeasurable where no service knows the store by a variable.
    """
    for service in services(running):
        if service.python and (host := _naming(service, f"@{{{store}.host}}")):
            return service, host, _naming(service, f"@{{{store}.port}}", but=host)
    raise Unmeasurable(
        f"No service of the project's own code has a variable that says where {store} is.", fix="Nothing can ask it."
    )


def _naming(service: Service, reference: str, but: str = "") -> str:
    """The variable that holds a reference, alone or in a URL."""
    found = (each.name for each in service.environment if reference in (each.value or "") and each.name != but)
    return next(found, "")
