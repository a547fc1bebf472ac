"""A stack with every reference filled in for this machine: what each service's process is started with."""

import re
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from stackproof.errors import UserError
from stackproof.model.stack import Assignment, Health, Service, Stack, resolve
from stackproof.run.process import postgres_entry
from stackproof.run.process.folder import Folder
from stackproof.run.process.launch import Launch

SERVERS = ("redis-server", "valkey-server")
LOCAL = "127.0.0.1"
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_HEALTH, HELPER, START = "deploy/health", "stackproof_heartbeat.py", "stackproof_start.py"  # where `render` puts them
_APP = "/app"  # the working folder of every image; commands name source folders by it (reload)
_SECRETS = "/run/secrets"  # where an image has them
_NOBODY = "1"  # a port on which nothing answers, for what was left out


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine gives: the project, our folder, the environment's programs, the servers, the ports."""

    root: Path
    folder: Folder
    venv: Path
    redis: str  # path of the server's program
    ports: Mapping[str, int]  # by service
    settings: Mapping[str, str]  # from the user's file
    secrets: Path = Path()  # the folder of their files
    postgres: Path = Path()  # folder of its programs
    node: Mapping[str, Path] = field(default_factory=dict)  # where each front end runs, by its service
    planned: Stack | None = None  # the whole stack, where not all of it runs here
    app: Path | None = None  # the image's /app, where it is another folder than the project's

    @property
    def application(self) -> Path:
        return self.app or self.root


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
    for secret in stack.secrets:
        found[f"secret.{secret.name}"] = str(machine.secrets / secret.name)
        found[f"reveal.{secret.name}"] = f"<stackproof-secret:{machine.secrets / secret.name}>"
    for other in (machine.planned or stack).services:
        found[f"{other.name}.host"] = LOCAL
        found[f"{other.name}.port"] = _NOBODY
    for other in stack.services:
        if port := machine.ports.get(other.name, other.port):
            found[f"{other.name}.port"] = str(port)
    if service.name in machine.ports:
        found["self.port"] = str(machine.ports[service.name])
    return found


def _launch(service: Service, stack: Stack, machine: Machine, names: set[str]) -> Launch:
    known = references(service, stack, machine)
    port = machine.ports.get(service.name)
    command = tuple(_here(resolve(part, known), service, machine) for part in service.command)
    postgres = service.software == "postgres"
    return Launch(
        name=service.name,
        argv=_argv(service, command, machine, port),
        environment=_environment(service, stack, machine, known),
        cwd=str(_folder(service, machine)),
        scratch=str(machine.folder.scratch(service.name)),
        health=_probe(service, known, port),
        needs=tuple(need for need in service.needs if need.service in names),
        grace=service.grace,
        restart="no" if service.one_shot else service.restart,
        port=port,
        address=f"http://{LOCAL}:{port}"
        if port and (service.publish or _behind_proxy(service, stack, machine))
        else "",
        one_shot=service.one_shot,
        starter=_starter(machine) if service.launched else (),
        stop_signal=signal.SIGINT if postgres else signal.SIGTERM,  # SIGTERM: it would wait for its clients to leave
        unprivileged=postgres,
        emptied=tuple(str(_scratch(service, path, machine)) for path in service.scratch),
    )


def _behind_proxy(service: Service, stack: Stack, machine: Machine) -> bool:
    """There is no proxy here: what it leads to answers by itself."""
    proxy = (machine.planned or stack).proxy
    return proxy is not None and any(route.service == service.name for route in proxy.routes)


def _starter(machine: Machine) -> tuple[str, ...]:
    return str(machine.venv / "bin/python"), "-I", "-S", str(health_folder(machine) / START)


def _folder(service: Service, machine: Machine) -> Path:
    if service.name in machine.node:
        return machine.node[service.name]
    return machine.application if service.built else _home(service, machine)


def _scratch(service: Service, path: str, machine: Machine) -> Path:
    """Beside the service's own scratch folder: that one is emptied as a whole."""
    return machine.folder.scratch(f"{service.name}{path.replace('/', '-')}")


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
        "PATH": ":".join([*map(str, _programs(service, machine)), _SYSTEM_PATH]),
        "HOME": scratch,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # the project's folder is the user's
    }
    if service.python:
        roots = [str(machine.application / root) for root in stack.build.import_roots]
        ours["PYTHONPATH"] = ":".join([*roots, known["health"]])
    if service.software == "postgres":  # `psql` in it needs no more words than in its image
        ours |= {"PGHOST": LOCAL, "PGPORT": known.get("self.port", ""), "PGPASSFILE": f"{scratch}/pgpass"}
    return ours | dict(_assigned(service, stack, machine, known))


def _programs(service: Service, machine: Machine) -> Iterator[Path]:
    """Folders of programs that are the service's own."""
    if service.name in machine.node:
        yield machine.node[service.name] / "node_modules/.bin"
        yield Path(shutil.which("node") or "").parent
    elif service.software == "postgres":
        yield machine.postgres
    yield machine.venv / "bin"


def _assigned(service: Service, stack: Stack, machine: Machine, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A user's value is taken as it is; references are for the stack's own texts.

    A variable that leads to a service which was left out is not set: nobody would answer there.
    """
    gone = _gone(stack, machine)
    for one in service.environment:
        if one.settable and one.name in machine.settings:
            yield one.name, machine.settings[one.name]
        elif one.value is not None and not (gone and gone.search(one.value)):
            yield one.name, _here(resolve(one.value, known), service, machine, app=False)


def _gone(stack: Stack, machine: Machine) -> re.Pattern[str] | None:
    left = [each.name for each in machine.planned.services if not stack.has(each.name)] if machine.planned else []
    return re.compile(rf"@\{{({'|'.join(map(re.escape, left))})\.(host|port)\}}") if left else None


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
    if service.software == "postgres":
        entry = str(Path(postgres_entry.__file__).resolve())
        return (sys.executable, "-I", "-S", entry, str(machine.postgres), str(port), *rest)
    if Path(program).name in SERVERS:
        return (machine.redis, *rest, *_only_here(rest, port))
    return (_program(service, program, machine), *rest)


def _only_here(rest: list[str], port: int | None) -> list[str]:
    """A server's default is its well-known port on every address."""
    bind = [] if "--bind" in rest else ["--bind", LOCAL]
    return bind if "--port" in rest or port is None else [*bind, "--port", str(port)]


def _here(part: str, service: Service, machine: Machine, *, app: bool = True) -> str:
    """A folder of an image is another one here: the application's, that of secrets, and what is scratch space."""
    places = {path: str(_scratch(service, path, machine)) for path in service.scratch} | {
        _SECRETS: str(machine.secrets)
    }
    if app:
        places[_APP] = str(_folder(service, machine) if service.software == "node" else machine.application)
    for path, place in places.items():
        if f"{part}/".startswith(f"{path}/"):
            return f"{place}{part.removeprefix(path)}"
    return part


def _program(service: Service, program: str, machine: Machine) -> str:
    if "/" in program and Path(program).exists():
        return program
    for folder in (*_programs(service, machine), *map(Path, _SYSTEM_PATH.split(":"))):
        found = folder / Path(program).name
        if found.exists():
            return str(found)
    raise UserError(
        f"{service.name} runs {program}, which is neither among the project's dependencies nor on this machine",
        fix=f"Add the package that brings {program} to the project, or run this stack on docker.",
    )
