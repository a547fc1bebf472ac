"""A composition kept apart from the user's machine: other ports, no folder outside the project, or a refusal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from stackproof.adopt import paths
from stackproof.adopt.reading import Node, named, nodes, text, texts
from stackproof.errors import UserError
from stackproof.model.composition import Composition
from stackproof.model.facts import Ambiguity

_ENGINE = ("docker.sock", "containerd.sock", "podman.sock")
_SHARED = (("network_mode", "host"), ("pid", "host"), ("ipc", "host"), ("userns_mode", "host"))
_SETTING = "change the Compose file"


@dataclass(frozen=True)
class Apart:
    """`notes` say what was changed and could matter."""

    composition: Composition
    notes: tuple[Ambiguity, ...]


def apart(composition: Composition, free: tuple[int, ...], known: frozenset[str], profiles: frozenset[str]) -> Apart:
    """`free` ports in the order of the files, () keeps theirs; `known` are the project's files and folders.

    Raises UserError for what cannot be kept apart in a service that will run.
    """
    _refuse(composition, profiles)
    numbers = iter(free)
    volumes: dict[str, str] = {}  # that stand for what the project does not have, by what that is
    services = {name: _service(each, numbers, known, volumes) for name, each in composition.services().items()}
    document = {**composition.document, "services": services}
    if volumes:
        document["volumes"] = {**named(document.get("volumes")), **{name: {} for name in volumes.values()}}
    return Apart(replace(composition, document=document), tuple(_notes(composition, volumes)))


def ports(composition: Composition) -> int:
    """How many ports of the host all services take."""
    return sum(len(nodes(each.get("ports"))) for each in composition.services().values())


def _refuse(composition: Composition, profiles: frozenset[str]) -> None:
    """Of what is not asked for nothing runs."""
    for name, service in composition.services().items():
        wanted = texts(service.get("profiles"))
        if not wanted or profiles & set(wanted):
            _refuse_service(composition, name, service)


def _refuse_service(composition: Composition, name: str, service: Node) -> None:
    for key, value in _SHARED:
        if service.get(key) == value:
            raise _inseparable(composition, name, key, f"{key}: {value} gives {name} the machine's own")
    if text(service.get("network_mode")).startswith("container:"):
        raise _inseparable(composition, name, "network_mode", f"{name} joins a container that is not in the files")
    if service.get("external_links"):
        raise _inseparable(composition, name, "external_links", f"{name} links to a container that is not in the files")
    for mount in nodes(service.get("volumes")):
        source = text(mount.get("source"))
        if mount.get("type") == "bind" and source.endswith(_ENGINE):
            what = f"{source} gives {name} the engine itself, and so everything that runs on it"
            raise _inseparable(composition, name, "volumes", what)


def _inseparable(composition: Composition, name: str, key: str, what: str) -> UserError:
    return UserError(
        f"{composition.at('services', name, key)}: {what}: no copy can be kept apart from it",
        fix=f"Leave {key} out, or put {name} under a profile that is not asked for.",
    )


def _service(
    said: Node, numbers: Iterator[int], known: frozenset[str], volumes: dict[str, str]
) -> Mapping[str, object]:
    changed = dict(said)
    if "ports" in said:
        changed["ports"] = [_port(port, numbers) for port in nodes(said["ports"])]
    if "volumes" in said:
        changed["volumes"] = [_mount(mount, known, volumes) for mount in nodes(said["volumes"])]
    return changed


def _port(port: Node, numbers: Iterator[int]) -> Node:
    taken = next(numbers, None)
    return port if taken is None else {**port, "published": str(taken)}


def _mount(mount: Node, known: frozenset[str], volumes: dict[str, str]) -> Node:
    """A volume where the engine would make an empty folder, or where a container could write to somebody's files."""
    source = text(mount.get("source"))
    if mount.get("type") != "bind":
        return mount
    kept = mount.get("read_only") is True if paths.outside(source) else source == "." or source in known
    if kept:
        return mount
    volume = volumes.setdefault(source, f"apart-{len(volumes) + 1}")
    return {"type": "volume", "source": volume, **{key: mount[key] for key in ("target", "read_only") if key in mount}}


def _notes(composition: Composition, volumes: Mapping[str, str]) -> Iterator[Ambiguity]:
    for kind in ("networks", "volumes"):
        for name, each in named(composition.document.get(kind)).items():
            at, what = composition.at(kind, name), f"the {kind.removesuffix('s')} {name}"
            if each.get("external"):
                why = "what is not in the files may be somebody's own"
                yield Ambiguity(f"{what}, which is external", "a new one", (), why, _SETTING, at)
            elif each.get("driver_opts"):
                why = "the options of its driver may lead to files of the machine"
                yield Ambiguity(what, "a new local one", (), why, _SETTING, at)
    for source in volumes:
        why = "it is no file of the project, so no clone has it"
        yield Ambiguity(f"the folder {source}", "an empty volume", (), why, _SETTING, composition.at("services"))
