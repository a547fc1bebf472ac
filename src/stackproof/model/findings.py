"""A static check and what it saw."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from stackproof.model.composition import Composition
from stackproof.model.dockerfile import Dockerfile
from stackproof.model.facts import Project
from stackproof.model.source import Place, SourceTree

Severity = Literal["error", "warning", "info"]
Profile = Literal["recommended", "strict"]


@dataclass(frozen=True, eq=False)
class Inspected:
    """What the rules may look at: the source, what is known about it, and every container file that was found.

    It equals only itself, and so can be a cache key: what several rules derive from it is derived once.
    """

    tree: SourceTree
    project: Project
    dockerfiles: tuple[Dockerfile, ...] = ()
    compositions: tuple[Composition, ...] = ()
    unreadable: tuple["Sighting", ...] = ()  # container files that the loaders refused

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


@dataclass(frozen=True)
class Stored:
    """A finding in a baseline: `line` is the hash of the line's text, so that it is found again when lines move."""

    rule: str
    path: str
    line: str


@dataclass(frozen=True)
class Wanted:
    """What the user asked for: ids or numbers of rules, and what `[check]` in the settings says."""

    profile: Profile = "recommended"
    only: tuple[str, ...] = ()
    ignore: Mapping[str, str] = field(default_factory=dict)  # rule -> reason
    severity: Mapping[str, Severity] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """What a check came to: the findings that count, and how many were set aside."""

    tree: SourceTree
    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]  # those that were asked
    files: tuple[str, ...]  # container files that were looked at
    ignored: int = 0  # by a comment or the settings, each with a reason
    known: int = 0  # in the baseline
    gone: tuple[Stored, ...] = ()  # in the baseline, and not there any more

    @property
    def fails(self) -> bool:
        """An info is worth knowing and nothing to stop for."""
        return any(each.severity != "info" for each in self.findings)
