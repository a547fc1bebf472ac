"""A composition as the engine is given it: a copy under a name, with images, volumes and networks of its own."""

import json
from collections.abc import Mapping

from stackproof.adopt import paths
from stackproof.adopt.reading import Node, named, names, node, nodes, text
from stackproof.model.composition import Composition

# Of a service: what belongs to the user's own containers, to building, or to an editor.
Started = tuple[tuple[str, ...], tuple[str, ...]]  # command, with the entrypoint; and health check
_LEFT_OUT = frozenset({"container_name", "build", "develop"})


def copied(composition: Composition, name: str, images: Mapping[str, str], secrets: Mapping[str, str]) -> str:
    """As JSON. `images` by service; `secrets`: path of the file by name, of those that are made for the copy."""
    document = composition.document
    made = {
        "name": name,
        "services": {each: _service(said, images.get(each)) for each, said in composition.services().items()},
        "networks": {each: _network(said) for each, said in _networks(composition).items()},
        "volumes": {each: {} for each in named(document.get("volumes"))},
        "secrets": {each: _file(said, secrets.get(each)) for each, said in named(document.get("secrets")).items()},
        "configs": {each: _file(said, None) for each, said in named(document.get("configs")).items()},
    }
    return _json({key: value for key, value in made.items() if value})


def from_deploy(composition: Composition, started: Mapping[str, Started]) -> str:
    """The composition as claims read it: JSON, paths as seen from the folder `deploy` like in rendered files.

    `started` by service: what its Dockerfile says is in it, too.
    """
    services = {name: {**_seen(each), **_started(each, started[name])} for name, each in composition.services().items()}
    return _json({**composition.document, "services": services})


def _started(service: Node, started: Started) -> Node:
    command, probe = started
    found: dict[str, object] = {"command": [*command]} if command else {}
    return {**found, "healthcheck": {**node(service.get("healthcheck")), "test": [*probe]}} if probe else found


def host_names(composition: Composition) -> Mapping[str, str]:
    """The service by every name under which another one can reach it."""
    found: dict[str, str] = {}
    for name, service in composition.services().items():
        aliases = (
            each for network in named(service.get("networks")).values() for each in names(network.get("aliases"))
        )
        said = (name, text(service.get("container_name")), *aliases)
        found |= {each: name for each in said if each and each not in found}
    return found


def _service(said: Node, image: str | None) -> Node:
    kept = {key: value for key, value in said.items() if key not in _LEFT_OUT}
    if image is not None:
        kept = {**{key: value for key, value in kept.items() if key != "pull_policy"}, "image": image}
    binds = [_from_root(mount) for mount in nodes(said.get("volumes"))]
    kept |= {"volumes": binds} if binds else {}
    if "network_mode" not in said:
        joined = named(said.get("networks")) or {"default": {}}
        kept["networks"] = {each: _joined(how, said) for each, how in joined.items()}
    return kept


def _from_root(mount: Node) -> Node:
    source = text(mount.get("source"))
    inside = mount.get("type") == "bind" and not paths.outside(source)
    return {**mount, "source": f"./{source}"} if inside else mount


def _joined(how: Node, service: Node) -> Node:
    """Without an address of its own, and still found by the name of its container."""
    kept = {key: value for key, value in how.items() if key in ("aliases", "priority", "gw_priority")}
    if name := text(service.get("container_name")):
        kept["aliases"] = [*dict.fromkeys((*names(how.get("aliases")), name))]
    return kept


def _networks(composition: Composition) -> Mapping[str, Node]:
    """Those of the files, and the one that Compose makes for services that name none."""
    default = any(
        not service.get("networks") and "network_mode" not in service for service in composition.services().values()
    )
    return {**({"default": {}} if default else {}), **named(composition.document.get("networks"))}


def _network(network: Node) -> Node:
    """Nobody else's, and with addresses that the engine has free."""
    if network.get("external"):
        return {}
    return {key: value for key, value in network.items() if key not in ("name", "external", "ipam")}


def _file(each: Node, made: str | None) -> Node:
    if made is None and not each.get("file"):
        return {key: value for key, value in each.items() if key != "name"}
    path = made or text(each.get("file"))
    return {"file": path if paths.outside(path) else f"./{path}"}


def _seen(service: Node) -> Node:
    changed = dict(service)
    if build := node(service.get("build")):
        changed["build"] = {**build, "context": _above(text(build.get("context")))}
    if "volumes" in service:
        changed["volumes"] = [
            {**each, "source": _above(text(each.get("source")))} if each.get("type") == "bind" else each
            for each in nodes(service["volumes"])
        ]
    return changed


def _above(path: str) -> str:
    return path if paths.outside(path) else f"../{path}".removesuffix("/.")


def _json(document: Mapping[str, object]) -> str:
    """Compose fills in variables once more when it reads it, so that each dollar is written twice."""
    return json.dumps(_escaped(document), indent=1) + "\n"


def _escaped(value: object) -> object:
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, Mapping):
        return {key: _escaped(each) for key, each in value.items()}
    return [_escaped(each) for each in value] if isinstance(value, list | tuple) else value
