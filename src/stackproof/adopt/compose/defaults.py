"""What Compose adds to a merged model: names, the default network, dependencies that other keys imply, environments."""

from collections.abc import Iterator, Mapping

from stackproof.adopt.compose import dotenv
from stackproof.adopt.compose.locating import Folder
from stackproof.adopt.compose.scope import Session
from stackproof.adopt.compose.values import Map, Seq

_NAMED = ("networks", "volumes", "secrets", "configs")
_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")


def completed(model: Map, project: str, environment: Mapping[str, str], session: Session, folder: Folder) -> None:
    """The model with everything that is the same for every reader, in place."""
    for service in _maps(model.get("services")):
        _service(service, environment, session, folder)
    if any("default" in _keys(service.get("networks")) for service in _maps(model.get("services"))):
        networks = model.get("networks")
        if not isinstance(networks, Map):
            networks = Map(model.place)
            model.put("networks", networks, model.place)
        if "default" not in networks:
            networks.put("default", None, model.place)
    for kind in _NAMED:
        _name_all(model.get(kind), project)


def _name_all(resources: object, project: str) -> None:
    if not isinstance(resources, Map):
        return
    for key, each in resources.items():
        place = resources.place_of(key)
        resource = each if isinstance(each, Map) else Map(place)
        external = resource.get("external")
        if isinstance(external, Map):
            resource["external"] = True
            resource.put("name", external.get("name") or key, place)
        if not resource.get("name"):
            resource.put("name", key if external else f"{project}_{key}", place)
        resources[key] = resource


def _service(service: Map, environment: Mapping[str, str], session: Session, folder: Folder) -> None:
    if not service.get("networks") and not service.get("network_mode"):
        networks = Map(service.place)
        networks.put("default", None, service.place)
        service.put("networks", networks, service.place_of("networks"))
    if service.get("pull_policy") == "if_not_present":
        service["pull_policy"] = "missing"
    _build(service.get("build"), environment, folder)
    _environment(service, environment, session)
    for dependency in _maps(service.get("depends_on")):
        dependency.setdefault("required", True)
    for name, restart in _implied(service):
        _depend(service, name, restart)
    for grant in _maps(service.get("secrets")):
        if "target" not in grant:
            grant.put("target", f"/run/secrets/{grant.get('source')}", grant.place)
    for port in _maps(service.get("ports")):
        port.setdefault("mode", "ingress")
        port.setdefault("protocol", "tcp")


def _build(build: object, environment: Mapping[str, str], folder: Folder) -> None:
    if not isinstance(build, Map):
        return
    if "context" not in build:
        build.put("context", folder.path or ".", build.place)
    if "dockerfile" not in build and "dockerfile_inline" not in build:
        build.put("dockerfile", "Dockerfile", build.place)
    arguments = build.get("args")
    if isinstance(arguments, Map):
        _fill(arguments, environment)
        for name in [name for name, value in arguments.items() if value is None]:
            del arguments[name]


def _environment(service: Map, environment: Mapping[str, str], session: Session) -> None:
    """What env_file gives, under what `environment` says; a name alone is taken from the environment."""
    own = service.get("environment")
    if isinstance(own, Map):
        _fill(own, environment)
    found = Map(service.place)
    for each in _maps(service.get("env_file")):
        path = str(each.get("path"))
        if path in session.tree.files:
            data = session.bytes_of(path, each.place)
            known = {**{name: str(value) for name, value in found.items()}, **environment}
            for name, text in dotenv.parsed(path, data, known).items():
                found.put(name, text, each.place)
    if isinstance(own, Map):
        for name, value in own.items():
            found.put(name, value, own.place_of(name))
    if found:
        service.put("environment", found, service.place_of("environment"))


def _fill(variables: Map, environment: Mapping[str, str]) -> None:
    for name, value in variables.items():
        if value is None:
            variables[name] = environment.get(name)


def _implied(service: Map) -> Iterator[tuple[str, bool]]:
    """The services that this one needs without saying depends_on, and whether it restarts with them."""
    for link in _texts(service.get("links")):
        yield link.split(":")[0], True
    for key in _NAMESPACES:
        kind, _, name = str(service.get(key)).partition(":")
        if kind == "service":
            yield name, True
    for source in _texts(service.get("volumes_from")):
        if not source.startswith("container:"):
            yield source.split(":")[0], False


def _depend(service: Map, name: str, restart: bool) -> None:
    needs = service.get("depends_on")
    if not isinstance(needs, Map):
        needs = Map(service.place)
        service.put("depends_on", needs, service.place)
    if name not in needs:
        dependency = Map(service.place)
        dependency.update({"condition": "service_started", "required": True, **({"restart": True} if restart else {})})
        needs.put(name, dependency, service.place)


def _maps(value: object) -> tuple[Map, ...]:
    found = value.values() if isinstance(value, Map) else value if isinstance(value, Seq) else ()
    return tuple(each for each in found if isinstance(each, Map))


def _keys(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, Map) else ()


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, Seq) else ()
