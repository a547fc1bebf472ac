"""The Compose files, rendered or adopted, read back: what an engine would be told in each environment."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from stackproof.model.proof import Json
from stackproof.model.running import Bench

_FILE = re.compile(r"deploy/compose\.(\w+)\.ya?ml")
_DURATION = re.compile(r"([\d.]+)(ms|us|h|m|s)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6}

Document = Mapping[str, Any]


def documents(bench: Bench) -> Mapping[str, Document]:
    """By environment."""
    import yaml

    if adopted := bench.stack.adopted:
        return {bench.stack.environment: yaml.safe_load(adopted.document)}
    matches = ((artifact, _FILE.fullmatch(artifact.path)) for artifact in bench.artifacts)
    return {found[1]: yaml.safe_load(artifact.text) for artifact, found in matches if found}


def services(document: Document) -> Iterator[tuple[str, Document]]:
    yield from (document.get("services") or {}).items()


def published(service: Document) -> tuple[str, ...]:
    """`127.0.0.1:8443` for each port of the host that the service takes."""
    return tuple(f"{port.get('host_ip', '*')}:{port['published']}" for port in service.get("ports") or ())


def names(document: Document, kind: str) -> list[Json]:
    """Names that the engine gives to networks or volumes."""
    return [cast(Json, part.get("name", short)) for short, part in (document.get(kind) or {}).items()]


def waits(service: Document) -> Mapping[str, str]:
    """The condition for each service that it waits for."""
    said = service.get("depends_on") or {}
    if isinstance(said, list):
        return dict.fromkeys(said, "service_started")
    return {name: str(how.get("condition", "service_started")) for name, how in said.items()}


def command(service: Document) -> tuple[str, ...]:
    said = service.get("command") or ()
    return tuple(said.split()) if isinstance(said, str) else tuple(str(word).replace("$$", "$") for word in said)


def probe(service: Document) -> tuple[str, ...]:
    """The health check as a command; nothing where there is none."""
    said = (service.get("healthcheck") or {}).get("test") or ()
    words = ("CMD-SHELL", said) if isinstance(said, str) else tuple(said)
    if not words or words[0] == "NONE":
        return ()
    plain = tuple(str(word).replace("$$", "$") for word in words[1:])
    return ("sh", "-c", *plain) if words[0] == "CMD-SHELL" else plain


def seconds(said: str) -> float:
    """A duration as Compose reads it: 1m30s, 250ms."""
    return sum(float(number) * _UNITS[unit] for number, unit in _DURATION.findall(said))
