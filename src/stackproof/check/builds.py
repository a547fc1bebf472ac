"""Dockerfiles with the folders that they are built from: by the Compose files, else by where they lie."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from posixpath import dirname

from stackproof.check.services import services
from stackproof.model.dockerfile import Dockerfile, Instruction
from stackproof.model.findings import Inspected
from stackproof.model.source import SourceTree

_NO_SOURCES = ("http://", "https://", "git@", "git://", "ssh://")


@dataclass(frozen=True, eq=False)
class Build:
    """`contexts` are folders of the project; several where nothing says which one is meant."""

    dockerfile: Dockerfile
    contexts: tuple[str, ...]
    is_said: bool  # a Compose file says the context


@dataclass(frozen=True)
class Copied:
    """One source of COPY or ADD that comes from the context."""

    source: str
    to: str
    instruction: Instruction

    @property
    def is_all(self) -> bool:
        return self.source in ("", ".")


@lru_cache(maxsize=4)
def builds(inspected: Inspected) -> tuple[Build, ...]:
    said: dict[str, dict[str, None]] = {}
    for service in services(inspected):
        if service.dockerfile and service.context is not None:
            said.setdefault(service.dockerfile.path, {})[service.context] = None
    return tuple(_build(each, tuple(said.get(each.path, ()))) for each in inspected.dockerfiles)


@lru_cache(maxsize=256)
def copied(dockerfile: Dockerfile) -> tuple[Copied, ...]:
    """Of all stages; not what comes from other stages, from here-documents or from the network."""
    said = [each for stage in dockerfile.stages for each in stage.instructions if each.keyword in ("COPY", "ADD")]
    own = [each for each in said if not any(flag == "from" for flag, _ in each.flags)]
    return tuple(found for each in own for found in _sources(each))


def holds(tree: SourceTree, folder: str, path: str) -> bool:
    """The tree has that file, or files below that folder; `folder` is the context."""
    full = f"{folder}/{path}".strip("/") if path else folder
    return full == "" or full in tree or _has_below(tree, full)


def _build(dockerfile: Dockerfile, said: tuple[str, ...]) -> Build:
    here = dirname(dockerfile.path)
    return Build(dockerfile, said or tuple(dict.fromkeys((here, ""))), bool(said))


def _sources(said: Instruction) -> Iterator[Copied]:
    words = said.exec or tuple(said.words.split())
    for source in words[:-1]:
        if not source.startswith(("<<", *_NO_SOURCES)):
            plain = source.strip("\"'").removeprefix("./").strip("/")
            yield Copied("" if plain == "." else plain, words[-1], said)


def _has_below(tree: SourceTree, folder: str) -> bool:
    at = bisect_left(tree.paths, f"{folder}/")
    return at < len(tree.paths) and tree.paths[at].startswith(f"{folder}/")
