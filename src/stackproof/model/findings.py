"""A static check and what it saw."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from stackproof.model.composition import Composition
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.facts import Project
from stackproof.model.source import Place, SourceTree

Severity = Literal["error", "warning", "info"]
Profile = Literal["recommended", "strict"]


@dataclass(frozen=True)
class Inspected:
    """What the rules may look at: the source, what is known about it, and every container file that was found."""

    tree: SourceTree
    project: Project
    dockerfiles: tuple[Dockerfile, ...] = ()
    compositions: tuple[Composition, ...] = ()

    @cached_property
    def by_path(self) -> dict[str, Dockerfile]:
        return {each.path: each for each in self.dockerfiles}


@dataclass(frozen=True)
class Edit:
    """A safe change of one file: lines `first` to `last` (1-based, inclusive) become `text`; "" removes them."""

    path: str
    first: int
    last: int
    text: str


@dataclass(frozen=True)
class Sighting:
    """One place where a rule does not hold, in words that name the value: `found` is a sentence without a full stop."""

    at: Place
    found: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A static check as a value; `check` is pure. The page is `docs/rules/<id>.md`.

    Ids: SR1xx Dockerfile, SR2xx Compose, SR3xx source and container files together, SR4xx environments beside each
    other, SR5xx nginx, SR6xx Kubernetes.
    """

    id: str  # "SR101-root-user"
    says: str  # "The image runs as a user other than root."
    fix: str  # what to do, in the imperative
    severity: Severity
    profile: Profile  # "recommended" rules are part of "strict" too
    check: Callable[[Inspected], Iterator[Sighting]]


@dataclass(frozen=True)
class Finding:
    """What a rule saw, ready for every output."""

    rule: str
    severity: Severity
    at: Place
    found: str
    fix: str
    edits: tuple[Edit, ...] = ()
