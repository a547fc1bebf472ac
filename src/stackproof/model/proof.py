"""Promises, what was measured for them, and what that says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from stackproof.model.artifacts import Image
from stackproof.model.running import Event
from stackproof.model.stack import Bounds, Stack
from stackproof.model.surroundings import Disturbance
from stackproof.model.work import Completed, Ran

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


class Verdict(StrEnum):
    PROVED = "proved"
    REFUTED = "refuted"
    UNMEASURED = "unmeasured"


@dataclass(frozen=True)
class Measurement:
    """Numbers and observations, before anybody judges them.

    `figure` is the one that a reader wants to see ("214 MB", "6.1 s"); `observed` holds all that judging needs;
    `how` says in one sentence how it was obtained; `raw` the commands with their output.
    """

    figure: str
    how: str
    observed: Mapping[str, Any]  # JSON data
    raw: tuple[Completed, ...] = ()


@dataclass(frozen=True)
class Judgement:
    verdict: Verdict
    because: str  # names the cause where refuted
    limit: str = ""  # what the figure was held against
    timed: bool = False  # it follows from how long something took: on a busy machine it could be another
    excused: bool = False  # unmeasured because the settings promise nothing that could be held against the figure


def always(stack: Stack) -> bool:  # noqa: ARG001
    return True


# What else may be measured meanwhile. alone: nothing. looks: whatever looks, too; it changes nothing and times nothing.
# builds: it has no need of the running stack, so that it may be beside what waits. waits: most of its time.
Company = Literal["alone", "looks", "builds", "waits"]


@dataclass(frozen=True)
class Claim:
    """A promise about a stack. `measure` touches the world through the bench it is given; `judge` is pure."""

    id: str  # "SP301-healthy-in-time"
    group: Literal["source", "image", "running", "fault"]
    says: str
    measure: Callable[..., Measurement]
    judge: Callable[[Measurement, Bounds], Judgement]
    applies: Callable[[Stack], bool] = always  # to a stack without such a part it is not asked at all
    # Why it is not asked of an adopted stack, where it is about what stackproof itself renders.
    rendered: str = ""
    long: str = ""  # why `--quick` leaves it out ("cold builds"); it leaves out every claim about a fault besides
    company: Company = "alone"


@dataclass(frozen=True)
class Evidence:
    claim: str
    group: str
    says: str
    verdict: Verdict
    because: str
    limit: str
    seconds: float
    measurement: Measurement | None = None
    excused: bool = False  # unmeasured because this runtime or these settings cannot; not because a tool failed
    disturbances: tuple[Disturbance, ...] = ()  # what happened meanwhile, whatever the verdict is
    commands: tuple[Ran, ...] = ()  # that were run for it; what an engine's API was asked is none


@dataclass(frozen=True)
class ServiceNote:
    """A service as the report draws it."""

    name: str
    role: str
    image: str
    needs: tuple[str, ...]
    port: int | None
    published: str
    profiles: tuple[str, ...]
    networks: tuple[str, ...] = ()
    digest: str = ""  # of the image that it ran in, where it ran in one


@dataclass(frozen=True)
class Past:
    """An earlier proof of the same stack on the same runtime, in short."""

    begun: str  # ISO 8601, UTC
    source: str
    seconds: float
    proved: int
    unmeasured: int
    refuted: tuple[str, ...]  # ids of claims
    image_bytes: int | None = None
    ready_seconds: float | None = None


@dataclass(frozen=True)
class Record:
    """Everything of one proof; reports are made from it alone. `schema` changes when a field changes its meaning."""

    schema: int
    stackproof: str
    project: str
    environment: str
    runtime: str
    source: str  # where the files came from, with the commit
    begun: str  # ISO 8601, UTC
    seconds: float
    host: Mapping[str, str]
    tools: Mapping[str, str]
    bounds: Bounds
    services: tuple[ServiceNote, ...]
    timeline: tuple[Event, ...]
    image: Image | None
    control_bytes: int | None  # the plain single-stage build, for comparison
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...] = field(default=())
    left_out: Mapping[str, str] = field(default_factory=dict)  # services that the runtime did not run, with the reason
    files: tuple[str, ...] = ()  # of the project: settings that it has, and what is rendered from them
    pages: Mapping[str, str] = field(default_factory=dict)  # by claim: its page in docs/claims, as it was then
    history: tuple[Past, ...] = ()  # earlier proofs, oldest first
    images: tuple[Image, ...] = ()  # all that the stack builds, the Python one first
    unasked: Mapping[str, str] = field(default_factory=dict)  # claims that apply and were left out, with the reason
