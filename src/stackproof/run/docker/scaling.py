"""More or fewer containers of a service for a while, as `docker compose up --scale` makes them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from stackproof.model.running import Site
from stackproof.model.stack import Stack
from stackproof.run.docker import compose, journal, project, removing
from stackproof.tools.docker.engine import Engine

_CREATING = 120.0  # seconds for Compose


@contextmanager
def scaled(engine: Engine, stack: Stack, site: Site, service: str) -> Iterator[Callable[[int], str]]:
    project.container(engine, stack, service)  # raises where there is none
    with journal.broken(site, "scaled", ((service,),), partial(_mend, engine, stack, site)):
        yield partial(_scale, engine, stack, site, service)


def heal(engine: Engine, stack: Stack, site: Site) -> None:
    journal.heal(site, "scaled", partial(_mend, engine, stack, site))


def _mend(engine: Engine, stack: Stack, site: Site, services: journal.Items) -> None:
    """A service that is gone altogether is left so: the next `up` makes it."""
    for (name,) in services:
        found, planned = project.of_service(engine, stack, name), stack.service(name).replicas
        removing.remove_service(engine, found[planned:])
        if 0 < len(found) < planned:
            done = compose.up_alone(engine, stack, site, name, planned, timeout=_CREATING)
            if done.exit_code != 0:
                raise compose.failure(done, stack)


def _scale(engine: Engine, stack: Stack, site: Site, service: str, replicas: int) -> str:
    """Raises ToolFailed where the engine is gone: Compose says no more than "EOF" then."""
    done = compose.up_alone(engine, stack, site, service, replicas, timeout=_CREATING)
    if done.exit_code == 0:
        return ""
    engine.ask("Scaling a service", lambda api: api.ping())
    return str(compose.failure(done, stack))
