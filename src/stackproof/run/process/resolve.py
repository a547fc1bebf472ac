"""A stack with every reference filled in for this machine: what each service's process is started with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from stackproof.errors import UserError
from stackproof.model.stack import Assignment, Health, Service, Stack, resolve
from stackproof.run.process.folder import Folder
from stackproof.run.process.launch import Launch

LOCAL = "127.0.0.1"
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_HEALTH, HELPER = "deploy/health", "stackproof_heartbeat.py"  # where `render` puts the probe helper
_APP = "/app"  # the working folder of every image; commands name source folders by it (reload)
SERVERS = ("redis-server", "valkey-server")


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine gives: the project, our folder, the environment's programs, the servers, the ports."""

    root: Path
    folder: Folder
    venv: Path
    redis: str  # path of the server's program
    ports: Mapping[str, int]  # by service
    settings: Mapping[str, str]  # from the user's file


def launches(services: tuple[Service, ...], stack: Stack, machine: Machine) -> tuple[Launch, ...]:
    """In the order given. Raises UserError for variables that are required and nowhere set, all at once."""
    _demand(services, machine.settings)
    names = {service.name for service in services}
    return tuple(_launch(service, stack, machine, names) for service in services)


def required(services: tuple[Service, ...], settings: Mapping[str, str]) -> tuple[str, ...]:
    """Required variables without any value."""
    missing = [
        one.name for service in services for one in service.environment if one.required and not _text(one, settings)
    ]
    return tuple(dict.fromkeys(missing))


def _demand(services: tuple[Service, ...], settings: Mapping[str, str]) -> None:
    if missing := required(services, settings):
        names = ", ".join(missing)
        raise UserError(
            f"required variables have no value: {names}",
            fix="Set them in deploy/env/<environment>.env (the .env.example beside it shows all).",
        )


def _text(one: Assignment, settings: Mapping[str, str]) -> str | None:
    return settings.get(one.name, one.value) if one.settable else one.value


def references(service: Service, stack: Stack, machine: Machine) -> dict[str, str]:
    """The meaning of every reference inside this service."""
    found = {
        "self.bind": LOCAL,
        "tmp": str(machine.folder.scratch(service.name)),
        "health": str(health_folder(machine)),
    }
    for volume in stack.volumes:
        found[f"volume.{volume.name}"] = str(machine.folder.volume(volume.name))
    for other in stack.services:
        found[f"{other.name}.host"] = LOCAL
        if port := machine.ports.get(other.name, other.port):
            found[f"{other.name}.port"] = str(port)
    if service.name in machine.ports:
        found["self.port"] = str(machine.ports[service.name])
    return found


def _launch(service: Service, stack: Stack, machine: Machine, names: set[str]) -> Launch:
    known = references(service, stack, machine)
    port = machine.ports.get(service.name)
    return Launch(
        name=service.name,
        argv=_argv(service, tuple(_here(resolve(part, known), machine) for part in service.command), machine, port),
        environment=_environment(service, stack, machine, known),
        cwd=str(machine.root if service.built else _home(service, machine)),
        scratch=str(machine.folder.scratch(service.name)),
        health=_probe(service, known, port),
        needs=tuple(need for need in service.needs if need.service in names),
        grace=service.grace,
        restart=service.restart,
        port=port,
        address=f"http://{LOCAL}:{port}" if service.publish else "",
    )


def _probe(service: Service, known: Mapping[str, str], port: int | None) -> Health | None:
    if service.health is None:
        return None
    asked = service.health.port or service.port
    return replace(
        service.health,
        target=resolve(service.health.target, known),
        port=port if asked == service.port and port else service.health.port,
    )


def _environment(service: Service, stack: Stack, machine: Machine, known: Mapping[str, str]) -> dict[str, str]:
    """A short list of ours, then what the stack assigns; nothing of the user's shell."""
    scratch = known["tmp"]
    ours = {
        "PATH": f"{machine.venv / 'bin'}:{_SYSTEM_PATH}",
        "HOME": scratch,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # the project's folder is the user's
    }
    if service.built:
        roots = [str(machine.root / root) for root in stack.build.import_roots]
        ours["PYTHONPATH"] = ":".join([*roots, known["health"]])
    return ours | dict(_assigned(service, machine, known))


def _assigned(service: Service, machine: Machine, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A user's value is taken as it is; references are for the stack's own texts."""
    for one in service.environment:
        if one.settable and one.name in machine.settings:
            yield one.name, machine.settings[one.name]
        elif one.value is not None:
            yield one.name, resolve(one.value, known)


def _home(service: Service, machine: Machine) -> Path:
    """Where a server that is not the project's works: its volume, so that it never writes into the project."""
    volume = next((mount.volume for mount in service.mounts if mount.volume), None)
    return machine.folder.volume(volume) if volume else machine.folder.scratch(service.name)


def health_folder(machine: Machine) -> Path:
    """The rendered probe helper: the user's own copy in the project, else one that was put into the state folder."""
    rendered = machine.root / _HEALTH
    return rendered if rendered.is_dir() else machine.folder.path / "health"


def _argv(service: Service, argv: tuple[str, ...], machine: Machine, port: int | None) -> tuple[str, ...]:
    program, *rest = argv
    if Path(program).name in SERVERS:
        return (machine.redis, *rest, *_only_here(rest, port))
    return (_program(service, program, machine), *rest)


def _only_here(rest: list[str], port: int | None) -> list[str]:
    """A server's default is its well-known port on every address."""
    bind = [] if "--bind" in rest else ["--bind", LOCAL]
    return bind if "--port" in rest or port is None else [*bind, "--port", str(port)]


def _here(part: str, machine: Machine) -> str:
    """The application's folder in an image is the project's folder here."""
    return str(machine.root / part.removeprefix(_APP).lstrip("/")) if f"{part}/".startswith(f"{_APP}/") else part


def _program(service: Service, program: str, machine: Machine) -> str:
    if "/" in program and Path(program).exists():
        return program
    for folder in (machine.venv / "bin", *map(Path, _SYSTEM_PATH.split(":"))):
        found = folder / Path(program).name
        if found.exists():
            return str(found)
    raise UserError(
        f"{service.name} runs {program}, which is neither among the project's dependencies nor on this machine",
        fix=f"Add the package that brings {program} to the project, or run this stack on docker.",
    )
