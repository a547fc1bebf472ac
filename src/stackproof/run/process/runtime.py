"""Stacks as local processes: bring one up, find it again, take it down."""

import os
import platform
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from pathlib import Path
from typing import Literal

from stackproof.errors import NotHealthy, UserError
from stackproof.model.running import Event, Note, Progress, Site
from stackproof.model.stack import Service, Stack
from stackproof.run import left_out
from stackproof.run.process import (
    client,
    environment,
    fronts,
    leaving,
    logfile,
    ports,
    prepared_app,
    proc,
    rights,
    wheels,
)
from stackproof.run.process.env_file import parse
from stackproof.run.process.folder import Busy, Folder, Kept, locked
from stackproof.run.process.heal import ailing, heal, lives
from stackproof.run.process.launch import Ask, Launch, Told
from stackproof.run.process.resolve import HELPER, SERVERS, START, Machine, health_folder, launches
from stackproof.run.process.running import ProcessRunning
from stackproof.tools import command, secret_files

_BUSY = "another stackproof is bringing this stack up or down ({holder})"
_PATIENCE = 15.0  # seconds that a supervisor gets to end after its last service


class ProcessRuntime:
    """Fulfils `model.running.Runtime`."""

    name: Literal["process", "docker"] = "process"

    def tools(self) -> Mapping[str, str]:
        return {
            "uv": _version((environment.uv(), "--version")),
            "valkey": _version((wheels.valkey(), "--version")),
            "postgresql": _version((str(wheels.postgres() / "postgres"), "--version")),
            "python": platform.python_version(),
        }

    def life(self) -> AbstractContextManager[Callable[[], str]]:
        return nullcontext(str)

    def up(self, stack: Stack, site: Site, note: Note, profiles: frozenset[str] = frozenset()) -> ProcessRunning:
        begun = time.monotonic()
        folder = _folder(site)
        with locked(folder.path / "lock", _BUSY):
            for did in heal(folder):
                note(Progress("up", stack.name, did, "done"))
            return self._up(stack, site, note, profiles, begun)

    def attach(self, stack: Stack, site: Site) -> ProcessRunning | None:
        folder = Folder(site.state.resolve())
        if not folder.ours():
            return None
        if ailing(folder):
            with suppress(Busy), locked(folder.path / "lock", _BUSY):  # busy: who holds it has healed it
                heal(folder)
        kept = folder.kept()
        if kept is None or not lives(kept):
            return None
        reasons = left_out.remembered(site)
        return ProcessRunning(left_out.without(stack, reasons), site.root.resolve(), folder, kept, reasons)

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

    def _up(self, planned: Stack, site: Site, note: Note, profiles: frozenset[str], begun: float) -> ProcessRunning:
        folder, root = _folder(site), site.root.resolve()
        kept = folder.kept()
        asked = planned.active(profiles)
        reasons = leaving.reasons(asked, planned)
        given = ports.assigned(
            [each for each in asked if each.name not in reasons], planned, kept.ports if kept else {}
        )
        built = fronts.prepared(planned, reasons, given, root, folder, note)
        reasons |= built.unfit
        stack = left_out.leave_out(planned, reasons, site, note)
        services = stack.active(profiles)
        venv = _environment(stack, root, folder, note)
        machine = Machine(
            root=root,
            folder=folder,
            venv=venv,
            app=prepared_app.app(stack.build, root, venv, folder.cache, note),
            redis=_server(services),
            ports={name: port for name, port in given.items() if name not in reasons},
            settings=_settings(site),
            secrets=secret_files.folder(root, stack.environment),
            postgres=_postgres(services, note),
            node=built.folders,
            planned=planned,
        )
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
        return ProcessRunning(stack, root, folder, kept, reasons)


def _environment(stack: Stack, root: Path, folder: Folder, note: Note) -> Path:
    venv, python = environment.prepared(stack.build, root, folder.cache, note)
    if not python.version.startswith(stack.build.python):
        text = f"runs on Python {python.version}; the image has {stack.build.python}"
        note(Progress("up", "environment", text, "done"))
    return venv


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
    launched = [one.name for one in services if one.launched]
    if launched and not (health_folder(machine) / START).is_file():
        raise UserError(
            f"{launched[0]} gets its secrets from {START}, which is not there",
            fix="Write the stack's files first: `stackproof render`.",
        )
    for volume in stack.volumes:
        machine.folder.volume(volume.name).mkdir(parents=True, exist_ok=True)
    for service in services:
        if service.software == "postgres" and rights.needed():
            _give_away(service, machine)
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
        timed=told.failed == "became unhealthy",
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


def _give_away(service: Service, machine: Machine) -> None:
    """The server makes its cluster in a folder that is its own user's."""
    for mount in service.mounts:
        if mount.volume:
            os.chown(machine.folder.volume(mount.volume), *rights.owner())


def _server(services: tuple[Service, ...]) -> str:
    """ "" where nothing asks for it: then it need not be there."""
    return wheels.valkey() if any(service.command[0] in SERVERS for service in services) else ""


def _postgres(services: tuple[Service, ...], note: Note) -> Path:
    """Nowhere where nothing asks for it."""
    wanted = next((service for service in services if service.software == "postgres"), None)
    if wanted is None:
        return Path()
    programs = wheels.postgres()
    version = _version((str(programs / "postgres"), "--version")).split()[-1]
    note(Progress("up", wanted.name, f"runs on PostgreSQL {version}; the image is {wanted.image}"))
    return programs
