"""What a stack has of the engine: the names of its containers, networks and volumes, ports, files of secrets."""

from collections.abc import Iterator, Mapping

from stackproof.model.stack import Stack
from stackproof.run.docker import project
from stackproof.run.docker.project import Container
from stackproof.tools.docker.engine import Engine

_SECRETS = "/run/secrets/"


def takes(engine: Engine, stack: Stack) -> Mapping[str, tuple[str, ...]]:
    """What is labelled as the stack's, and whatever else its containers are tied to."""
    found = project.containers(engine, stack)
    kinds: dict[str, set[str]] = {
        "container": {each.name for each in found},
        "network": {*project.networks(engine, stack).values()},
        "volume": {*project.volumes(engine, stack)},
        "port of the host": set(),
        "secret": set(),
    }
    for each in found:
        for kind, name in _tied(each):
            kinds[kind].add(name)
    return {kind: tuple(sorted(names)) for kind, names in kinds.items()}


def _tied(found: Container) -> Iterator[tuple[str, str]]:
    for network in found.document["NetworkSettings"]["Networks"]:
        yield "network", str(network)
    for mount in found.document.get("Mounts") or ():
        if mount["Type"] == "volume":
            yield "volume", str(mount["Name"])
        elif str(mount["Destination"]).startswith(_SECRETS):
            yield "secret", str(mount["Source"])
    for _, address, number in project.bindings(found, "127.0.0.1"):
        yield "port of the host", f"{address}:{number}"
