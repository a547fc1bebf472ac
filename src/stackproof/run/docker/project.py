"""What the engine knows about one Compose project: its containers, networks and volumes, found by their labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stackproof.errors import ToolFailed, UserError
from stackproof.model.running import HealthState, ServiceState, Site, Status
from stackproof.model.stack import Publish, Service, Stack
from stackproof.run.docker.state import COPY
from stackproof.tools.docker.engine import Engine, Json
from stackproof.tools.docker.watch import NUMBER, PROJECT, SERVICE

_CONFIG = "com.docker.compose.project.config_files"
_STATUS: dict[str, Status] = {
    "created": "waiting",
    "running": "running",
    "paused": "paused",
    "restarting": "restarting",
    "removing": "exited",
    "exited": "exited",
    "dead": "exited",
}
_HEALTH: dict[str, HealthState] = {"starting": "starting", "healthy": "healthy", "unhealthy": "unhealthy"}


@dataclass(frozen=True)
class Container:
    """A container of the project, as `docker inspect` tells it."""

    id: str
    name: str
    service: str
    document: Json
    number: int = 1  # given by Compose; not without gaps once one was removed

    @property
    def state(self) -> Json:
        found: Json = self.document["State"]
        return found

    @property
    def pid(self) -> int:
        return int(self.state["Pid"])

    @property
    def running(self) -> bool:
        return bool(self.state["Running"])

    @property
    def volumes(self) -> tuple[str, ...]:
        """The engine's names of those that are mounted, for writing."""
        mounts = self.document.get("Mounts", ())
        return tuple(str(each["Name"]) for each in mounts if each.get("Type") == "volume" and each.get("RW"))

    @property
    def addresses(self) -> dict[str, str]:
        """Its address on each network that it is on now, by the engine's name of the network."""
        networks: dict[str, Json] = self.document["NetworkSettings"]["Networks"]
        return {name: str(each["IPAddress"]) for name, each in networks.items() if each.get("IPAddress")}


def compose_file(stack: Stack, site: Site) -> Path:
    """The rendered one; of an adopted stack the copy of the user's own, which lies in the state folder."""
    if stack.adopted:
        return site.state / COPY
    return site.root / "deploy" / f"compose.{stack.environment}.yaml"


def containers(engine: Engine, stack: Stack) -> tuple[Container, ...]:
    """All of the project's, running or not, in the order of the stack's start."""
    listed = engine.ask("Listing containers", lambda api: api.containers(all=True, filters=_labelled(PROJECT, stack)))
    found = [_container(engine, str(entry["Id"])) for entry in listed if not _one_off(entry)]
    order = [service.name for service in in_order(stack)]
    return tuple(
        sorted(
            (container for container in found if container),
            key=lambda each: (
                order.index(each.service) if each.service in order else len(order),
                each.number,
                each.name,
            ),
        )
    )


def of_service(engine: Engine, stack: Stack, service: str) -> tuple[Container, ...]:
    """The containers of its replicas, running or not, in their order."""
    labels = [f"{PROJECT}={stack.name}", f"{SERVICE}={service}"]
    listed = engine.ask("Listing containers", lambda api: api.containers(all=True, filters={"label": labels}))
    found = [each for entry in listed if not _one_off(entry) and (each := _container(engine, str(entry["Id"])))]
    return tuple(sorted(found, key=lambda each: each.number))


def one_offs(engine: Engine, stack: Stack) -> tuple[str, ...]:
    """Ids of the containers that `docker compose run` has left."""
    listed = engine.ask("Listing containers", lambda api: api.containers(all=True, filters=_labelled(PROJECT, stack)))
    return tuple(str(entry["Id"]) for entry in listed if _one_off(entry))


def container(engine: Engine, stack: Stack, service: str, replica: int = 1) -> Container:
    """A container of the service, running or not. Raises ToolFailed where there is none."""
    found = of_service(engine, stack, service)
    if len(found) < replica:
        which = f"replica {replica} of {service}" if found else service
        raise ToolFailed(
            f"{which} of {stack.name} has no container", fix=f"Bring it up: stackproof up --env {stack.environment}"
        )
    return found[replica - 1]


def running(engine: Engine, stack: Stack, service: str, replica: int = 1) -> Container:
    """The same, and it must run."""
    found = container(engine, stack, service, replica)
    if not found.running:
        raise ToolFailed(
            f"{service} of {stack.name} is not running: {found.state['Status']}", fix="See its logs: stackproof logs"
        )
    return found


def all_running(engine: Engine, stack: Stack, service: str) -> tuple[tuple[str, ...], ...]:
    """The ids of its replicas that run, as they are written down. Raises ToolFailed where none does."""
    running(engine, stack, service)
    return tuple((each.id,) for each in of_service(engine, stack, service) if each.running)


def in_order(stack: Stack) -> tuple[Service, ...]:
    """All services, dependencies first, optional ones too."""
    return stack.active(frozenset(name for service in stack.services for name in service.profiles))


def states(engine: Engine, stack: Stack) -> tuple[ServiceState, ...]:
    """One for each container, and `waiting` for a service that should have one."""
    groups: dict[str, list[Container]] = {}
    for each in containers(engine, stack):
        groups.setdefault(each.service, []).append(each)
    found = [
        state(each, stack, engine.endpoint.machine, replica)
        for group in groups.values()
        for replica, each in enumerate(group, 1)
    ]
    missing = [ServiceState(each.name, "waiting", "none") for each in stack.active() if each.name not in groups]
    return (*found, *missing)


def state(found: Container, stack: Stack, machine: str, replica: int = 1) -> ServiceState:
    status = _STATUS.get(str(found.state["Status"]), "exited")
    health = _HEALTH.get(str((found.state.get("Health") or {}).get("Status", "")), "none")
    return ServiceState(
        name=found.service,
        status=status,
        health=health if status in ("running", "paused") else "none",
        exit_code=int(found.state["ExitCode"]) if status in ("exited", "restarting") else None,
        restarts=int(found.document.get("RestartCount", 0)),
        pid=found.pid or None,
        address=_address(found, stack, machine),
        replica=replica,
        image=str(found.document.get("Image", "")),
    )


def target(service: Service, published: Publish) -> int | None:
    """The port inside the container that a published one leads to."""
    return published.target or service.port


def published(service: Service) -> tuple[Publish, ...]:
    return (*((service.publish,) if service.publish else ()), *service.more)


def bindings(found: Container, machine: str) -> tuple[tuple[int, str, int], ...]:
    """(port inside, address of the host that one can connect to, port of the host) of every published TCP port."""
    published = found.document["NetworkSettings"].get("Ports") or {}
    return tuple(
        (int(inside.partition("/")[0]), _reachable(binding["HostIp"], machine), int(binding["HostPort"]))
        for inside, bound in published.items()
        for binding in bound or ()
        if inside.endswith("/tcp") and ":" not in binding["HostIp"]
    )


def stranger(engine: Engine, found: Sequence[Container], stack: Stack, site: Site) -> str | None:
    """The Compose file of another folder that brought up containers of the same name; None if they are ours.

    A file that is no longer there was ours, before its folder was moved or deleted.
    """
    ours = compose_file(stack, site).resolve()
    for each in found:
        theirs = str(each.document["Config"]["Labels"].get(_CONFIG, ""))
        if theirs and Path(theirs).resolve() != ours and (Path(theirs).exists() or not engine.endpoint.local):
            return theirs
    return None


def refuse_stranger(engine: Engine, stack: Stack, site: Site) -> None:
    """Raises UserError where the name is taken by a stack from another folder."""
    if theirs := stranger(engine, containers(engine, stack), stack, site):
        raise UserError(
            f"{stack.name} is already up from another folder: {theirs}",
            fix="Bring that one down first, or give this project another `name` in stackproof.toml.",
        )


def networks(engine: Engine, stack: Stack) -> dict[str, str]:
    """Names by id."""
    listed = engine.ask("Listing networks", lambda api: api.networks(filters=_labelled(PROJECT, stack)))
    return {str(entry["Id"]): str(entry["Name"]) for entry in listed}


def volumes(engine: Engine, stack: Stack) -> frozenset[str]:
    """Names."""
    listed = engine.ask("Listing volumes", lambda api: api.volumes(filters=_labelled(PROJECT, stack)))
    return frozenset(str(entry["Name"]) for entry in listed.get("Volumes") or ())


def python_image(engine: Engine, stack: Stack) -> str:
    """An image with Python in it to look from: the stack's own. Raises ToolFailed where there can be none."""
    built = {service.name for service in stack.services if service.python}
    with_python = built or {service.name for service in stack.services if service.software == "python"}
    for found in containers(engine, stack):
        if found.service in with_python:
            return str(found.document["Image"])
    for service in stack.services:
        if service.name in with_python:  # all containers are gone; its volumes may still be there
            return service.image
    raise ToolFailed(f"{stack.name} has no service with Python to look from", fix="Use --on process.")


def _container(engine: Engine, identity: str) -> Container | None:
    document = engine.ask_for("Looking at a container", lambda api: api.inspect_container(identity))
    if document is None:
        return None  # gone since it was listed
    labels = document["Config"]["Labels"]
    name, number = str(document["Name"]).lstrip("/"), int(labels.get(NUMBER, 1))
    return Container(identity, name, str(labels.get(SERVICE, "")), document, number)


def _one_off(entry: dict[str, Any]) -> bool:
    return bool((entry.get("Labels") or {}).get("com.docker.compose.oneoff") == "True")


def _labelled(label: str, stack: Stack) -> dict[str, list[str]]:
    return {"label": [f"{label}={stack.name}"]}


def _address(found: Container, stack: Stack, machine: str) -> str:
    """Of its first published port; "" where there is none."""
    service = next((each for each in stack.services if each.name == found.service), None)
    if service is None:
        return ""
    meant = service.publish
    wanted, scheme = (target(service, meant), meant.scheme) if meant else (service.port, "http")
    bound = (f"{scheme}://{host}:{port}" for inside, host, port in bindings(found, machine) if inside == wanted)
    return next(bound, "")


def _reachable(address: str, machine: str) -> str:
    everywhere = address in ("", "0.0.0.0")  # noqa: S104  reading, not binding
    return machine if everywhere or address.startswith("127.") else address
