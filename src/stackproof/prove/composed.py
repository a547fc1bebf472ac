"""The rendered Compose files, read back: what an engine would be told in each environment."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from stackproof.model.proof import Json
from stackproof.model.running import Bench

_FILE = re.compile(r"deploy/compose\.(\w+)\.ya?ml")

Document = Mapping[str, Any]


def documents(bench: Bench) -> Mapping[str, Document]:
    """By environment."""
    import yaml

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
