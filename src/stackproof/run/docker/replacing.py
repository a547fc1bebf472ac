"""New containers for a service, each at another address than any of the old ones: theirs are taken meanwhile."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from stackproof.model.running import Site
from stackproof.model.stack import Stack
from stackproof.run.docker import compose, project, removing
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

_CREATING = 120.0  # seconds for Compose
_TRIES = 16  # lower addresses may be free, too: the engine gives these first
_WAIT = "import time; time.sleep(600)"


def replace(engine: Engine, stack: Stack, site: Site, service: str) -> None:
    """Raises ToolFailed where Compose cannot make new ones."""
    project.container(engine, stack, service)  # raises where there is none
    old = project.of_service(engine, stack, service)
    image = project.python_image(engine, stack)
    taken = _by_network([each.addresses for each in old])
    removing.remove_service(engine, old)
    with ExitStack() as held:
        for network, addresses in taken.items():
            held.enter_context(_held(engine, Sidecar(image, stack=stack.name, network=network), addresses))
        done = compose.up_alone(engine, stack, site, service, timeout=_CREATING)
    if done.exit_code != 0:
        raise compose.failure(done, stack)


def _by_network(found: list[dict[str, str]]) -> Mapping[str, frozenset[str]]:
    names = {name for addresses in found for name in addresses}
    return {name: frozenset(addresses[name] for addresses in found if name in addresses) for name in sorted(names)}


@contextmanager
def _held(engine: Engine, holder: Sidecar, wanted: frozenset[str]) -> Iterator[None]:
    """While this is open, nobody else gets one of these addresses.

    Where the engine does not give them out at once, it will not give them to the new containers either.
    """
    holders: list[str] = []
    left = set(wanted)
    try:
        while left and len(holders) < _TRIES:
            holders.append(sidecar.start(engine, holder, _WAIT))
            left.discard(_address(engine, holders[-1], holder.network))
        yield
    finally:
        for each in holders:
            sidecar.remove(engine, each)


def _address(engine: Engine, container: str, network: str) -> str:
    found = engine.ask("Looking at a container", lambda api: api.inspect_container(container))
    return str(found["NetworkSettings"]["Networks"][network]["IPAddress"])
