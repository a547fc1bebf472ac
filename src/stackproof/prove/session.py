"""A bench and claims into the record of one proof."""

import platform
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from stackproof import __version__
from stackproof.errors import ToolFailed
from stackproof.model.proof import Claim, Evidence, Record, ServiceNote
from stackproof.model.running import Note
from stackproof.model.stack import Service, Stack
from stackproof.prove import no_secret_shown, requirements
from stackproof.prove.bench import ProofBench
from stackproof.prove.evidence import prove
from stackproof.tools import claim_pages, command, host

_SETTINGS = ("stackproof.toml", "pyproject.toml")
SCHEMA = 1  # as report/record.py reads it; docs/record.md says what each field means


def record(
    bench: ProofBench,
    claims: Iterable[Claim],
    runtime: str,
    tools: Mapping[str, str],
    source: str,
    note: Note,
    life: Callable[[], str] = str,
    before: Record | None = None,
) -> Record:
    """Measure and judge every claim; the evidence is in their order, whenever each was measured.

    `life` says which run of the engine this is. The `before` of this project tells how long each claim may take.
    """
    begun, clock, load = datetime.now(UTC), time.monotonic(), host.load()
    seconds = _seconds(before, bench.stack.environment, runtime) if before else {}
    asked = tuple(claims)
    found = {item.claim: item for item in prove(asked, bench, note, lambda: host.look(life()), seconds)}
    measured = tuple(found[claim.id] for claim in asked)
    evidence = no_secret_shown.with_record(bench, no_secret_shown.CLAIM, measured)
    stack = bench.stack
    return Record(
        schema=SCHEMA,
        stackproof=__version__,
        project=bench.project.name,
        environment=stack.environment,
        runtime=runtime,
        source=source,
        begun=begun.isoformat(timespec="seconds"),
        seconds=time.monotonic() - clock,
        host={**host.describe(), "Load": f"{load} before, {host.load()} after"},
        tools={**tools, **_own_tools()},
        bounds=stack.bounds,
        services=tuple(_note(service, stack, bench.digests.get(service.name, "")) for service in stack.active()),
        timeline=bench.timeline,
        image=bench.built.image if bench.built else None,
        control_bytes=_control(evidence),
        evidence=evidence,
        notes=tuple(f"{item.about}: took {item.chosen}, {item.because} ({item.seen})" for item in stack.notes),
        images=tuple(built.image for built in bench.images),
        left_out=bench.left_out,
        files=_files(bench),
        pages={item.claim: page for item in evidence if (page := claim_pages.text(item.claim))},
    )


def _seconds(before: Record, environment: str, runtime: str) -> Mapping[str, float]:
    """By claim; nothing where that was another stack or another runtime."""
    if (before.environment, before.runtime) != (environment, runtime):
        return {}
    return {item.claim: item.seconds for item in before.evidence}


def _own_tools() -> Mapping[str, str]:
    """Versions of what runs here whatever the runtime is."""
    versions = {"python": platform.python_version()}
    for name in ("git", "uv"):
        with suppress(ToolFailed):
            path = requirements.uv() if name == "uv" else command.find(name, fix=f"Install {name}.")
            said = command.run((path, "--version"), timeout=20.0).output
            versions[name] = said.removeprefix(f"{name} ").removeprefix("version ").strip()
    return versions


def _note(service: Service, stack: Stack, digest: str) -> ServiceNote:
    there = {other.name for other in stack.active()}
    return ServiceNote(
        name=service.name,
        role=service.role,
        image=service.image,
        needs=tuple(need.service for need in service.needs if need.service in there),
        port=service.port,
        published=f"{service.publish.address}:{service.publish.port}" if service.publish else "",
        profiles=service.profiles,
        digest=digest,
        networks=service.networks,
    )


def _files(bench: ProofBench) -> tuple[str, ...]:
    """Where a reader would change something: settings that are there, and the files rendered for this environment."""
    settings = tuple(name for name in _SETTINGS if name in bench.tree)
    if adopted := bench.stack.adopted:
        dockerfiles = {build.dockerfile for build in adopted.builds if build.text is None}
        return (*settings, *adopted.files, *sorted(dockerfiles))
    mine = f"compose.{bench.stack.environment}.yaml"
    return (*settings, *(item.path for item in bench.artifacts if item.path.endswith(("Dockerfile", mine))))


def _control(evidence: tuple[Evidence, ...]) -> int | None:
    """Size of the control build, where the claim about image size measured one."""
    sizes = (item.measurement.observed.get("control_bytes") for item in evidence if item.measurement)
    return next((int(size) for size in sizes if size is not None), None)
