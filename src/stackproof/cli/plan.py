"""`stackproof plan`: what was found and why, the services, and what only the user can decide."""

import argparse
import dataclasses
import json
from collections.abc import Iterator

from stackproof import pipeline
from stackproof.cli import place
from stackproof.cli.console import say
from stackproof.errors import Exit
from stackproof.model.facts import Fact
from stackproof.model.source import Place
from stackproof.model.stack import ENVIRONMENTS, Because, EnvironmentName, Service, Stack

_FEW = 12  # locked packages and the like are counted, not listed


def arguments(parser: argparse.ArgumentParser) -> None:
    place.argument(parser)
    place.adoptable(parser)
    parser.add_argument("--env", choices=ENVIRONMENTS, help="show this environment alone")
    parser.add_argument("--facts", action="store_true", help="list every fact, also the many of one kind")


def run(options: argparse.Namespace) -> int:
    planned = _of(place.planned(options), options.env)
    if options.json:
        say(_shown(planned, json.dumps(_document(planned), indent=2)))
        return Exit.OK
    for line in _text(planned, every=options.facts):
        say(_shown(planned, line.replace("\n", "\\n")))
    return Exit.OK


def _of(planned: pipeline.Planned, environment: EnvironmentName | None) -> pipeline.Planned:
    if environment is None:
        return planned
    return dataclasses.replace(planned, stacks={environment: planned.stacks[environment]})


def _shown(planned: pipeline.Planned, text: str) -> str:
    """Files that somebody else wrote may hold secrets."""
    for stack in planned.stacks.values():
        text = stack.adopted.masked(text) if stack.adopted else text
    return text


def _document(planned: pipeline.Planned) -> dict[str, object]:
    return {
        "schema": 1,
        "project": planned.project.name,
        "source": planned.tree.origin,
        "facts": [{"kind": type(fact).__name__, **_plain(fact)} for fact in planned.project.facts],
        "environments": {name: _plain(stack) for name, stack in planned.stacks.items()},
    }


def _plain(value: object) -> dict[str, object]:
    """A dataclass as JSON data, places as "path:line"."""
    return {
        field.name: _json(getattr(value, field.name))
        for field in dataclasses.fields(value)  # type: ignore[arg-type]
    }


def _json(value: object) -> object:
    if isinstance(value, Place):
        return str(value)
    if dataclasses.is_dataclass(value):
        return _plain(value)
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    return value


def _text(planned: pipeline.Planned, *, every: bool) -> Iterator[str]:
    yield f"{planned.project.name}: {len(planned.tree.paths)} files ({planned.tree.origin})"
    yield ""
    yield "Found"
    yield from _facts(planned.project.facts, every=every)
    for stack in planned.stacks.values():
        yield ""
        yield f"{stack.environment}: {stack.name}"
        for service in stack.services:
            yield from _service(service)
    yield from _notes(next(iter(planned.stacks.values())))


def _facts(facts: tuple[Fact, ...], *, every: bool) -> Iterator[str]:
    kinds: dict[str, list[Fact]] = {}
    for fact in facts:
        kinds.setdefault(type(fact).__name__, []).append(fact)
    for kind, found in kinds.items():
        if kind == "Ambiguity":
            continue
        if len(found) > _FEW and not every:
            yield f"  {kind:<14} {len(found)} of them, first at {found[0].seen}   (all of them: --facts)"
            continue
        for fact in found:
            yield f"  {kind:<14} {_words(fact):<70} {fact.seen}"


def _words(fact: Fact) -> str:
    values = ((field.name, getattr(fact, field.name)) for field in dataclasses.fields(fact) if field.name != "seen")
    return " ".join(f"{name}={_short(value)}" for name, value in values if value not in (None, (), ""))


def _short(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _service(service: Service) -> Iterator[str]:
    port = f" {service.publish.address}:{service.publish.port} -> {service.port}" if service.publish else ""
    profile = f" (profile {', '.join(service.profiles)})" if service.profiles else ""
    yield f"  {service.name:<8} {service.image}{port}{profile}"
    yield f"           {' '.join(service.command)}"
    for need in service.needs:
        yield f"           after {need.service} is {need.condition}"
    for reason in service.because:
        yield f"           because {_because(reason)}"


def _because(reason: Because) -> str:
    return f"{reason.text} ({reason.seen})" if reason.seen else reason.text


def _notes(stack: Stack) -> Iterator[str]:
    if not stack.notes:
        return
    yield ""
    yield "Yours to decide"
    for note in stack.notes:
        among = f" of {', '.join(note.candidates)}" if note.candidates else ""
        yield f"  {note.about}: took {note.chosen}{among}: {note.because} ({note.seen})"
        yield f"    to decide it: {note.setting}"
