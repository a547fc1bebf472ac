"""What can be seen of a stack that runs: states, events, processes, limits, connections."""

from dataclasses import dataclass
from typing import Literal

HealthState = Literal["none", "starting", "healthy", "unhealthy"]
Status = Literal["waiting", "running", "exited", "restarting", "paused"]


@dataclass(frozen=True)
class Event:
    """Something that happened to a service; `at` in seconds since `up` began."""

    at: float
    service: str
    what: Literal["created", "started", "healthy", "unhealthy", "exited", "restarted", "removed"]
    detail: str = ""
    replica: int = 1


@dataclass(frozen=True)
class ServiceState:
    name: str
    status: Status
    health: HealthState
    exit_code: int | None = None
    restarts: int = 0
    pid: int | None = None  # main process, as the host sees it
    address: str = ""  # "http://127.0.0.1:8000" where published
    replica: int = 1  # of the service, from 1; each has a state of its own
    image: str = ""  # digest of the image that it runs in


@dataclass(frozen=True)
class ProcessFacts:
    """One process inside a service, read from /proc; capabilities as the kernel's bit mask."""

    pid: int
    command: str
    uid: int
    gid: int
    capabilities: int
    no_new_privileges: bool
    root_read_only: bool


@dataclass(frozen=True)
class LimitsFound:
    """The limits that the kernel enforces, read from the cgroup; None where there is none."""

    memory_bytes: int | None
    cpus: float | None
    pids: int | None
    read_from: tuple[str, ...]


@dataclass(frozen=True)
class Attempt:
    """A connection tried from outside the stack: over which way, to which service's port, and whether it opened."""

    service: str
    port: int
    way: str  # "host 127.0.0.1:8000", "container on another network -> 172.18.0.2:6379"
    opened: bool
    intended: bool


@dataclass(frozen=True)
class Stopped:
    """How a service ended after SIGTERM: seconds until it was gone, exit code, and whether it had to be killed."""

    seconds: float
    exit_code: int | None
    killed: bool
