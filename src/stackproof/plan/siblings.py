"""How the code finds another service of its own: AGENT_URL, on this machine by default, is where `agent` answers."""

import re
from collections.abc import Iterable
from dataclasses import replace

from stackproof.model.stack import Assignment, Because, Need, Service

_HERE = re.compile(r"(https?)://(?:127\.0\.0\.1|localhost):\d+(/[^@]*)?")
_WAITS = ("web", "worker", "process", "beat")


def linked(services: tuple[Service, ...]) -> tuple[Service, ...]:
    """The same, with those addresses filled in; whoever has one waits for the other, unless that waits for it."""
    named = {
        _variable(each): each for each in services if each.python and each.port and each.role in ("web", "process")
    }
    found = tuple(_told(service, named) for service in services)
    for name in (service.name for service in found):
        found = _waiting(found, name, named)
    return found


def _variable(service: Service) -> str:
    return f"{service.name.upper().replace('-', '_')}_URL"


def _told(service: Service, named: dict[str, Service]) -> Service:
    if not service.python:
        return service
    return replace(service, environment=tuple(_address(each, service, named) for each in service.environment))


def _address(each: Assignment, service: Service, named: dict[str, Service]) -> Assignment:
    other = named.get(each.name)
    here = _HERE.fullmatch(each.value or "") if each.settable else None
    if other is None or here is None or other.name == service.name:
        return each
    value = f"{here[1]}://@{{{other.name}.host}}:@{{{other.name}.port}}{here[2] or ''}"
    because = Because(f"the stack's own service {other.name}", each.because.seen)
    return Assignment(each.name, value, settable=False, because=because)


def _waiting(services: tuple[Service, ...], name: str, named: dict[str, Service]) -> tuple[Service, ...]:
    service = next(each for each in services if each.name == name)
    told = {each.name for each in service.environment if not each.settable}
    wanted = [
        other.name
        for variable, other in named.items()
        if variable in told and not service.waits_for(other.name) and name not in _before(services, other.name)
    ]
    if service.role not in _WAITS or not wanted:
        return services
    needs = (*service.needs, *(Need(other) for other in wanted))
    return tuple(replace(each, needs=needs) if each.name == name else each for each in services)


def _before(services: Iterable[Service], name: str) -> set[str]:
    """Everything that must be there before it, and itself."""
    needs = {each.name: [need.service for need in each.needs] for each in services}
    found, left = {name}, [name]
    while left:
        fresh = [other for other in needs.get(left.pop(), ()) if other not in found]
        found.update(fresh)
        left += fresh
    return found
