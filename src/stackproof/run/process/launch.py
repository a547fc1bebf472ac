"""A service with every reference filled in: what the supervisor starts, and the words it speaks with its clients."""

from dataclasses import dataclass
from typing import Literal

from stackproof.model.running import Event, ServiceState, Stopped
from stackproof.model.stack import Health, Need

# Set in every service: processes that wandered off (own session, dead parent) are found again by it.
MARK = "STACKPROOF_UP"


@dataclass(frozen=True, slots=True)
class Launch:
    """One process to start; `address` is "" where the service is not published."""

    name: str
    argv: tuple[str, ...]
    environment: dict[str, str]
    cwd: str
    scratch: str  # emptied before each start, as a container's /tmp would be
    health: Health | None
    needs: tuple[Need, ...]
    grace: float
    restart: Literal["no", "unless-stopped"]
    port: int | None = None
    address: str = ""
    one_shot: bool = False  # runs to its end, again for each `up`
    starter: tuple[str, ...] = ()  # goes before every command that is run in the service
    stop_signal: int = 15
    unprivileged: bool = False  # refuses root's rights
    emptied: tuple[str, ...] = ()  # further folders that are emptied before each start


Do = Literal["apply", "status", "launch", "stop", "start", "kill", "down", "watch"]


@dataclass(frozen=True, slots=True)
class Ask:
    """What a client wants. `apply` brings the launches up; the others name a service, or none."""

    do: Do
    service: str = ""
    launches: tuple[Launch, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line that a service wrote; `at` is an ISO 8601 time, UTC."""

    service: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the supervisor says: one of these is set, or `failed` says why the request was not fulfilled."""

    states: tuple[ServiceState, ...] | None = None
    event: Event | None = None
    line: Line | None = None
    launch: Launch | None = None
    stopped: Stopped | None = None
    done: bool = False
    failed: str = ""
    culprit: str = ""  # the service that failed
