"""The story: source tree, facts, stack, files, images, a running stack, evidence. Alone in importing all stages."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stackproof.detect import detect
from stackproof.errors import ChangedByHand, ToolFailed, UserError
from stackproof.model.stack import EnvironmentName, Proxy, Service, Stack
from stackproof.model.work import Note, Progress
from stackproof.pipeline import history, where
from stackproof.pipeline.secret_state import Secrets as Secrets
from stackproof.pipeline.secret_state import looked_at, prepare
from stackproof.plan import plans
from stackproof.plan.settings import settings as read_settings
from stackproof.tools import disk

if TYPE_CHECKING:  # what only some commands need is imported by their steps: start-up time is part of the promise
    from stackproof.model.artifacts import Artifact, Built, Difference, Written
    from stackproof.model.facts import Project
    from stackproof.model.proof import Record
    from stackproof.model.running import Running, Workshop
    from stackproof.model.settings import Settings
    from stackproof.model.source import SourceTree
    from stackproof.model.stack import Adopted
    from stackproof.pipeline.adopting import Adopting, Given

_ENGINE_FIX = "Start Docker, or run without an engine: stackproof up --on process"


@dataclass(frozen=True)
class Planned:
    """A project as far as it can be known without touching anything."""

    root: Path
    tree: SourceTree
    project: Project
    settings: Settings
    stacks: Mapping[EnvironmentName, Stack]
    adopting: Adopting | None = None  # the container files are the user's own, and `stacks` is the one they describe

    def artifacts(self) -> tuple[Artifact, ...]:
        return () if self.adopting else _rendered(self.stacks)


def plan(root: Path) -> Planned:
    """Read the project and plan its three environments. Raises UserError where that is not possible."""
    tree = disk.read(root)
    settings = read_settings(tree)
    project = detect(tree)
    return Planned(root, tree, project, settings, plans(project, settings))


def adopt(root: Path, given: Given, environment: EnvironmentName) -> Planned:
    """The same for container files of the user's own. Raises UserError where no copy of their stack can be run."""
    from stackproof.pipeline import adopting

    tree = disk.read(root)
    settings, project = read_settings(tree), detect(tree)
    found = adopting.read(root, tree, project, settings, given, environment)
    return Planned(root, tree, project, settings, {environment: found.stack(found.name)}, found)


def render(planned: Planned, *, force: bool) -> Written:
    """Write the container files. Raises UserError, before anything is written, for a file that was changed by hand."""
    from stackproof.write import write

    return write(planned.root, planned.artifacts(), force=force)


def differences(planned: Planned) -> tuple[Difference, ...]:
    from stackproof.write import compare

    return compare(planned.root, planned.artifacts())


def build(planned: Planned, environment: EnvironmentName, on: str, note: Note) -> tuple[Built, ...]:
    """Build the environment's images, the Python one first, from the project's folder. Needs a container engine."""
    stack = planned.stacks[environment]
    if on == "process":
        raise UserError("an image needs a container engine: `--on process` has none", fix="Leave out --on process.")
    workshop = where.workshop(where.choose(on), note)
    if workshop is None:
        raise ToolFailed("no container engine answers: an image cannot be built", fix=_ENGINE_FIX)
    _put_files(planned, note)
    return _build(workshop, planned.root, stack)


def up(planned: Planned, environment: EnvironmentName, on: str, profiles: frozenset[str], note: Note) -> Running:
    """Bring up one environment of the project where it lies; it stays up until `down`."""
    stack = planned.stacks[environment]
    site = where.site(planned.root, stack)
    _refuse_unknown(stack, profiles)
    runtime = where.docker(on) if planned.adopting else where.beside(stack, site, on)
    runtime.tools()
    _put_files(planned, note)
    prepare(planned.root.resolve(), stack, where.left_out(stack, runtime, profiles), note)
    if workshop := where.workshop(runtime, note):
        _build(workshop, planned.root, stack)
    where.remember(site, runtime)  # before anything starts, so that `down` finds it even after a kill
    return runtime.up(stack, site, note, profiles)


def secrets(planned: Planned, environment: EnvironmentName, *, make: bool) -> Secrets:
    """The environment's secrets; with `make`, those that are missing and that anybody can make are made."""
    return looked_at(planned.root.resolve(), planned.stacks[environment], make=make)


def attach(root: Path, stack: Stack, on: str) -> Running | None:
    """The environment's stack if it is up, wherever `up` brought it up."""
    site = where.site(root, stack)
    return next((running for _, running in where.found(stack, site, on)), None)


def down(root: Path, stack: Stack, on: str, note: Note, *, volumes: bool) -> tuple[str, ...]:
    """Stop and remove what `up` made; names of what was removed. Looks everywhere where nothing is remembered."""
    site = where.site(root, stack)
    named = where.named(site, on)
    removed = list(named.down(stack, site, note, volumes=volumes)) if named else []
    for runtime in () if named else where.everywhere():
        with suppress(ToolFailed):  # no engine: nothing of ours runs there
            removed += runtime.down(stack, site, note, volumes=volumes)
    remembered = where.remembered(site)
    if named is None or remembered is None or remembered.name == named.name:
        where.forget(site)
    return tuple(removed)


def prove(
    planned: Planned,
    environment: EnvironmentName,
    on: str,
    only: tuple[str, ...],
    note: Note,
    *,
    quick: bool = False,
    before: Record | None = None,
    profiles: frozenset[str] = frozenset(),
) -> Record:
    """Prove a copy of the environment's stack, under a name, volumes and host ports of its own.

    `quick` leaves out faults and what takes long; the record `before` tells how long each claim may take.
    """
    from stackproof.pipeline.proving import asked
    from stackproof.prove.bench import Other, ProofBench
    from stackproof.prove.session import record

    runtime = where.docker(on) if planned.adopting else where.choose(on)
    tools = runtime.tools()
    stacks = stacks_for_proof(planned)
    stack = stacks[environment]
    claims, unasked = asked(only, stack, quick=quick)
    bench = ProofBench(
        root=planned.root.resolve(),
        state=planned.root.resolve() / where.STATE / "prove" / where.state_name(stack),
        tree=planned.tree,
        project=planned.project,
        stack=stack,
        artifacts=() if stack.adopted else _rendered(stacks),
        runtime=runtime,
        workshop=where.workshop(runtime, note),
        note=note,
        env_file=where.site(planned.root, stack).env_file,
        profiles=profiles,
        others=tuple(
            Other(other, where.site(planned.root, other).env_file)
            for name, other in stacks.items()
            if name != environment
        ),
        given=lambda stack, image: where.given_to_build(where.site(planned.root, stack), image),
    )
    source = ", ".join(part for part in (planned.tree.origin, disk.commit(planned.root)) if part)
    made: Record | None = None
    try:
        with runtime.life() as life, bench:
            made = record(bench, claims, runtime.name, tools, source, note, life, before)
    except ToolFailed as problem:
        if made is None:
            raise
        # The engine went away: what was measured before is worth as much as ever.
        made = replace(made, notes=(*made.notes, f"the proof's stack was left: {problem}. The next one removes it."))
    made = replace(made, unasked=unasked)
    if stack.adopted:
        made = _masked(made, stack.adopted)
    partly = only or quick  # a part says nothing about the whole
    return made if partly else history.remembered(planned.root.resolve(), made, "adopted-" if stack.adopted else "")


def _masked(made: Record, adopted: Adopted) -> Record:
    """What the user's files give as a password stands in their commands, and so in what was seen of these."""
    from stackproof.report import record

    return record.load(adopted.masked(record.dump(made)).encode(), "the record")


def outcome(record: Record, *, require_all: bool) -> int:
    """The exit code that the record stands for."""
    from stackproof.prove import outcome

    return outcome(record.evidence, require_all=require_all)


def write_reports(written: Record, out: Path) -> tuple[Path, ...]:
    """The record and every report of it in the folder `out`, each whole or not at all."""
    from stackproof.model.artifacts import Artifact
    from stackproof.report import record, sbom
    from stackproof.report.files import REPORTS
    from stackproof.write import files

    reports = {name: render(written) for name, render in REPORTS.items()}
    texts = {"record.json": record.dump(written), **reports, **dict(sbom.render(written))}
    files.replace(out, [Artifact(name, text) for name, text in texts.items()])
    return tuple(out / name for name in texts)


def read_record(path: Path) -> Record:
    """Raises UserError where there is none, or one that this version cannot read."""
    from stackproof.report import record

    if not path.is_file():
        raise UserError(f"{path}: no such record", fix="Run `stackproof prove` first, or name the record.json.")
    return record.load(path.read_bytes(), str(path))


def _rendered(stacks: Mapping[EnvironmentName, Stack]) -> tuple[Artifact, ...]:
    from stackproof.render import render

    return render(stacks)


def stacks_for_proof(planned: Planned) -> Mapping[EnvironmentName, Stack]:
    """The same plan under a name that is this folder's alone, on host ports that are free now."""
    import hashlib

    place = hashlib.sha256(str(planned.root.resolve()).encode()).hexdigest()[:6]
    if planned.adopting:
        return {planned.adopting.environment: planned.adopting.for_proof(place)}
    name = next(iter(planned.stacks.values())).project
    renamed = replace(planned.settings, name=f"{name}-prove-{place}")
    return {env: _on_free_ports(stack) for env, stack in plans(planned.project, renamed).items()}


def _on_free_ports(stack: Stack) -> Stack:
    from stackproof.tools.net import free_port

    def moved(service: Service) -> Service:
        publish = replace(service.publish, port=free_port()) if service.publish else None
        return replace(service, publish=publish, more=tuple(replace(each, port=free_port()) for each in service.more))

    services = tuple(moved(service) for service in stack.services)
    return replace(stack, services=services, proxy=_redirecting(stack.proxy, services))


def _redirecting(proxy: Proxy | None, services: tuple[Service, ...]) -> Proxy | None:
    """What it redirects to is where it is published."""
    published = [each.publish for each in services if proxy and each.name == proxy.service and each.publish]
    return replace(proxy, https_port=published[0].port) if proxy and published else proxy


def _put_files(planned: Planned, note: Note) -> None:
    """The rendered files as they should be. Once they are there, ones changed by hand are used as they are."""
    if planned.adopting:
        return
    try:
        render(planned, force=False)
    except ChangedByHand as changed:
        if not all((planned.root / artifact.path).is_file() for artifact in planned.artifacts()):
            raise
        note(Progress("render", "files", f"used as they were changed by hand: {', '.join(changed.paths)}", "done"))


def _refuse_unknown(stack: Stack, profiles: frozenset[str]) -> None:
    known = sorted({name for service in stack.services for name in service.profiles})
    if unknown := sorted(profiles - set(known)):
        has = f"It has: {', '.join(known)}." if known else "It has none: leave out --profile."
        raise UserError(f"{stack.name} has no profile {unknown[0]}", fix=has)


def _build(workshop: Workshop, root: Path, stack: Stack) -> tuple[Built, ...]:
    site = where.site(root, stack)
    return tuple(
        workshop.build(root, stack, tag=tag, image=image, variables=where.given_to_build(site, image))
        for tag, image in stack.images()
    )
