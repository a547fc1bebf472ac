"""Services that can be struck at the same time, since none of them needs another."""

from collections.abc import Iterable

from stackproof.model.stack import Service, Stack


def waves(services: Iterable[Service], stack: Stack) -> tuple[tuple[Service, ...], ...]:
    """Each service once, in the first wave in which nobody needs it, and it needs nobody."""
    found: list[list[Service]] = []
    for service in services:
        free = (wave for wave in found if not any(_related(service.name, other.name, stack) for other in wave))
        wave = next(free, None)
        if wave is None:
            found.append([service])
        else:
            wave.append(service)
    return tuple(tuple(wave) for wave in found)


def _related(one: str, other: str, stack: Stack) -> bool:
    return one in _needed(other, stack) or other in _needed(one, stack)


def _needed(name: str, stack: Stack) -> set[str]:
    """Whom the service waits for, and whom those wait for."""
    direct = {need.service for need in stack.service(name).needs if stack.has(need.service)}
    return direct.union(*(_needed(each, stack) for each in direct))
