"""A bench and claims into the record of one proof."""

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from stackproof import __version__
from stackproof.model.proof import Claim, Evidence, Record, ServiceNote
from stackproof.model.running import Note
from stackproof.model.stack import Service, Stack
from stackproof.prove import no_secret_shown
from stackproof.prove.bench import ProofBench
from stackproof.prove.evidence import prove
from stackproof.tools import claim_pages, host

_SETTINGS = ("stackproof.toml", "pyproject.toml")
SCHEMA = 1  # as report/record.py reads it; docs/record.md says what each field means


def record(
    bench: ProofBench, claims: Iterable[Claim], runtime: str, tools: Mapping[str, str], source: str, note: Note
) -> Record:
    """Measure and judge every claim in turn."""
    begun, clock, load = datetime.now(UTC), time.monotonic(), host.load()
    evidence = no_secret_shown.with_record(bench, no_secret_shown.CLAIM, tuple(prove(claims, bench, note)))
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
        tools=tools,
        bounds=stack.bounds,
        services=tuple(_note(service, stack) for service in stack.active()),
        timeline=bench.timeline,
        image=bench.built.image if bench.built else None,
        control_bytes=_control(evidence),
        evidence=evidence,
        notes=tuple(f"{item.about}: took {item.chosen}, {item.because} ({item.seen})" for item in stack.notes),
        left_out=bench.left_out,
        files=_files(bench),
        pages={item.claim: page for item in evidence if (page := claim_pages.text(item.claim))},
    )


def _note(service: Service, stack: Stack) -> ServiceNote:
    there = {other.name for other in stack.active()}
    return ServiceNote(
        name=service.name,
        role=service.role,
        image=service.image,
        needs=tuple(need.service for need in service.needs if need.service in there),
        port=service.port,
        published=f"{service.publish.address}:{service.publish.port}" if service.publish else "",
        profiles=service.profiles,
        networks=service.networks,
    )


def _files(bench: ProofBench) -> tuple[str, ...]:
    """Where a reader would change something: settings that are there, and the files rendered for this environment."""
    settings = tuple(name for name in _SETTINGS if name in bench.tree)
    mine = f"compose.{bench.stack.environment}.yaml"
    return (*settings, *(item.path for item in bench.artifacts if item.path.endswith(("Dockerfile", mine))))


def _control(evidence: tuple[Evidence, ...]) -> int | None:
    """Size of the control build, where the claim about image size measured one."""
    sizes = (item.measurement.observed.get("control_bytes") for item in evidence if item.measurement)
    return next((int(size) for size in sizes if size is not None), None)
