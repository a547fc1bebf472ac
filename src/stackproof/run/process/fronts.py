"""The front ends of a stack, each in a folder where it can run; those that this machine's Node.js does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stackproof.model.running import Note
from stackproof.model.stack import NodeBuild, Stack, resolve
from stackproof.run.process import node
from stackproof.run.process.folder import Folder

_LOCAL = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Fronts:
    folders: Mapping[str, Path]  # by service
    unfit: Mapping[str, str]  # the reason by service


def prepared(
    stack: Stack, left: Mapping[str, str], ports: Mapping[str, int], root: Path, folder: Folder, note: Note
) -> Fronts:
    """Of the services that have a port, and so are to be started. Raises what `node.prepared` raises."""
    folders: dict[str, Path] = {}
    unfit: dict[str, str] = {}
    for service in stack.services:
        if service.software != "node" or service.name in left or service.name not in ports:
            continue
        build = next(each for each in stack.node if each.name == service.build)
        found = node.prepared(build, _arguments(build, stack, ports), root, folder.cache, note)
        if isinstance(found, node.Unfit):
            unfit[service.name] = found.why
        elif build.target == "dev":
            folders[service.name] = node.working_copy(found, folder.path / "node" / service.name)
        else:
            folders[service.name] = found
    return Fronts(folders, unfit)


def _arguments(build: NodeBuild, stack: Stack, ports: Mapping[str, int]) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for other in stack.services:
        known |= {f"{other.name}.host": _LOCAL, f"{other.name}.port": str(ports.get(other.name, other.port))}
    return {name: resolve(value, known) for name, value in build.arguments if value}
