"""The dependencies of a running stack that can be broken, and whose health has to see it."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from stackproof.model.running import Running
from stackproof.model.stack import Health, Service
from stackproof.prove import present

_VOLUME = re.compile(r"@\{volume\.[a-z0-9_.-]+\}")
_MARGIN = 10.0  # seconds that a busy machine may be late
# Celery waits 2, 4, 6, ... seconds between its attempts to reach a broker again.
_RECONNECT = 40.0
_RESTART = 20.0


@dataclass(frozen=True, slots=True)
class Watcher:
    """A service whose health has to see the loss."""

    service: Service
    health: Health

    @property
    def red_within(self) -> float:
        """Seconds after which that many probes in a row must have failed, the last one by its time limit."""
        health = self.health
        return health.max_age + (health.retries + 1) * health.interval + health.retries * health.timeout + _MARGIN

    @property
    def green_within(self) -> float:
        again = _RECONNECT if self.service.role == "worker" else _RESTART
        return 2 * self.health.interval + self.health.timeout + again + _MARGIN


@dataclass(frozen=True, slots=True)
class Loss:
    """`broken` takes the dependency away and puts it back whatever happens."""

    what: str
    store: str | None  # the service that is stopped; None for a file
    watchers: tuple[Watcher, ...]
    broken: Callable[[Running], AbstractContextManager[None]]


def losses(running: Running) -> Iterator[Loss]:
    for store in present.of_role(running, "store"):
        yield Loss(store.name, store.name, _of_store(running, store), _stopped(store.name))
    for path in running.stack.sqlite:
        yield Loss(f"the file {path}", None, _of_file(running, path), _without(path))


def _of_store(running: Running, store: Service) -> tuple[Watcher, ...]:
    """Web services say it by their readiness; a worker's heartbeat stops with its broker."""
    is_broker = running.stack.celery is not None and running.stack.celery.broker == store.name
    concerned = (
        service
        for service in present.services(running)
        if (store.name in present.talks_to(service) or service.waits_for(store.name))
        and (service.role == "web" or (service.role == "worker" and is_broker))
    )
    return _watchers(concerned)


def _of_file(running: Running, path: str) -> tuple[Watcher, ...]:
    volume = found[0] if (found := _VOLUME.match(path)) else ""
    return _watchers(
        service
        for service in present.of_role(running, "web")
        if not volume or any(volume in (assignment.value or "") for assignment in service.environment)
    )


def _watchers(services: Iterable[Service]) -> tuple[Watcher, ...]:
    return tuple(Watcher(service, service.health) for service in services if service.health is not None)


def _stopped(name: str) -> Callable[[Running], AbstractContextManager[None]]:
    @contextmanager
    def broken(running: Running) -> Iterator[None]:
        try:
            running.stop(name)
            yield
        finally:
            running.start(name)

    return broken


def _without(path: str) -> Callable[[Running], AbstractContextManager[None]]:
    return lambda running: running.without_file(path)
