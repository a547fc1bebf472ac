"""What we mean to run in one environment: the one model that every file and every runtime is made from.

Texts in a stack may hold references, which each renderer and runtime resolves for itself:
`@{redis.host}` and `@{redis.port}` (where another service answers), `@{self.bind}` and `@{self.port}` (where this
service listens), `@{volume.data}` (where a volume is mounted), `@{tmp}` (a scratch folder of this service alone),
`@{health}` (the folder of the probe helper), `@{at}` (an at sign: see `literal`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from stackproof.model.facts import Ambiguity
from stackproof.model.source import Place

EnvironmentName = Literal["dev", "stage", "prod"]
ENVIRONMENTS: tuple[EnvironmentName, ...] = ("dev", "stage", "prod")
Role = Literal["web", "worker", "beat", "monitor", "store"]

_REFERENCE = re.compile(r"@\{([a-z0-9_.-]+)\}")


def resolve(text: str, references: Mapping[str, str]) -> str:
    """Fill in the references. Raises KeyError for one that nobody defines: that is a bug in a plan."""
    known = {"at": "@", **references}
    return _REFERENCE.sub(lambda found: known[found[1]], text)


def literal(text: str) -> str:
    """Somebody else's text, such that no part of it is taken for a reference."""
    return text.replace("@{", "@{at}{")


@dataclass(frozen=True)
class Because:
    """Why something is in the stack: words, and the place that says so (None: a default of ours)."""

    text: str
    seen: Place | None = None


@dataclass(frozen=True)
class Health:
    """How anyone can tell that a service is ready. Times in seconds.

    `http`: GET `target` on `port` of 127.0.0.1 answers 200, redirects not followed. `heartbeat`: the file `target` is
    younger than `max_age`. `redis`: PING is answered by PONG.
    """

    kind: Literal["http", "heartbeat", "redis"]
    target: str
    port: int = 0
    max_age: float = 0.0
    interval: float = 10.0
    timeout: float = 3.0
    retries: int = 2
    start_period: float = 60.0
    start_interval: float = 0.25


@dataclass(frozen=True)
class Need:
    """This service starts only when `service` is in that condition."""

    service: str
    condition: Literal["started", "healthy", "completed"] = "healthy"


@dataclass(frozen=True)
class Assignment:
    """An environment variable of one service.

    `value` may hold references. `settable` ones can be changed by the user through `deploy/env/<env>.env`;
    `value` is then the default, and None says that there is none.
    """

    name: str
    value: str | None
    settable: bool
    required: bool = False
    secret: bool = False
    because: Because = Because("")


@dataclass(frozen=True)
class Mount:
    """`volume` names a Volume of the stack; `source` a folder of the project (bind mount, dev only). One of the two."""

    path: str  # absolute, inside the container
    volume: str | None = None
    source: str | None = None
    read_only: bool = False


@dataclass(frozen=True)
class Limits:
    memory_mb: int
    cpus: float
    pids: int


@dataclass(frozen=True)
class Publish:
    """A port of the host that leads to the service's port."""

    address: str  # "127.0.0.1"
    port: int


@dataclass(frozen=True)
class Service:
    name: str
    role: Role
    image: str  # tag; built from the project where `built`
    built: bool
    command: tuple[str, ...]  # exec form; may hold references
    environment: tuple[Assignment, ...] = ()
    port: int | None = None  # where it listens inside the container
    publish: Publish | None = None
    uid: int = 10001
    gid: int = 10001
    health: Health | None = None
    needs: tuple[Need, ...] = ()
    mounts: tuple[Mount, ...] = ()
    tmpfs_mb: int = 64  # size of /tmp, the only writable place besides volumes
    limits: Limits = Limits(512, 1.0, 256)
    grace: float = 10.0  # seconds between SIGTERM and SIGKILL
    networks: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    restart: Literal["no", "unless-stopped"] = "unless-stopped"
    read_only: bool = True
    init: bool = False  # an init as PID 1; the server itself gets signals where False
    queues: tuple[str, ...] = ()  # consumed by a worker
    because: tuple[Because, ...] = ()

    def waits_for(self, name: str) -> bool:
        return any(need.service == name for need in self.needs)


@dataclass(frozen=True)
class Volume:
    name: str  # short name in the stack; the engine's name is "<stack name>-<name>"
    because: Because


@dataclass(frozen=True)
class Network:
    name: str
    internal: bool  # no way out and no way in but through members


@dataclass(frozen=True)
class Install:
    """How the locked dependencies get into an environment, on any runtime, always through uv."""

    tool: Literal["poetry", "uv", "pip"]
    manifest: str
    lock: str | None
    tool_version: str | None  # Poetry that exports the lock; None for the others
    left_out_groups: tuple[str, ...]  # in stage and prod
    extra: tuple[str, ...] = ()  # packages that the project does not name but its start needs, said in `notes`
    inputs: tuple[str, ...] = ()  # every file of the project that installing reads; manifest and lock are among them


@dataclass(frozen=True)
class Build:
    """What the project's image is made from."""

    python: str  # "3.11"
    requires_python: str  # the project's own specifier, "" where it has none
    base: str  # "python:3.11-slim-bookworm"
    uv: str  # version of uv, "0.13.9"
    install: Install
    copy: tuple[str, ...]  # top-level files and folders of the application
    import_roots: tuple[str, ...]  # "" or "src"
    target: Literal["runtime", "dev"]


@dataclass(frozen=True)
class TaskRequest:
    """A task as a user of the application submits it, and how its result can be seen (from stackproof.toml).

    `body` is JSON text. In the answer's JSON, `id_field` names the task; `result_path` holds `{id}`. The result's
    `state_field` becomes `done_state`; `count_field`, where given, says how often the effect happened.
    `slow_repeat` times the text of `slow_field` makes a task long enough to break something while it runs;
    `busy_state` is what `state_field` says meanwhile.
    """

    service: str
    method: str
    path: str
    body: str
    id_field: str
    result_path: str
    state_field: str
    done_state: str
    busy_state: str
    count_field: str | None
    slow_field: str | None
    slow_repeat: int


@dataclass(frozen=True)
class Bounds:
    """The limits that claims are judged against, all settable."""

    build_seconds: float = 300.0
    image_bytes: int = 2_000_000_000
    ready_seconds: float = 30.0


@dataclass(frozen=True)
class CeleryPlan:
    """What the proof must know about the Celery application."""

    module: str
    attribute: str
    routed: tuple[tuple[str, str], ...]  # (queue, one task name that is routed there)
    acks_late: bool
    soft_shutdown: float  # seconds
    visibility_timeout: float  # seconds


@dataclass(frozen=True)
class Stack:
    project: str
    environment: EnvironmentName
    services: tuple[Service, ...]
    volumes: tuple[Volume, ...]
    networks: tuple[Network, ...]
    build: Build
    bounds: Bounds = Bounds()
    celery: CeleryPlan | None = None
    task: TaskRequest | None = None
    sqlite: tuple[str, ...] = ()  # database files, "@{volume.data}/tubeatlas.db"
    notes: tuple[Ambiguity, ...] = ()

    @property
    def name(self) -> str:
        """The project name that the engine sees; different in every environment."""
        return f"{self.project}-{self.environment}"

    def service(self, name: str) -> Service:
        return next(service for service in self.services if service.name == name)

    def active(self, profiles: frozenset[str] = frozenset()) -> tuple[Service, ...]:
        """The services that run when these profiles are asked for, dependencies first."""
        chosen = [service for service in self.services if not service.profiles or profiles & set(service.profiles)]
        return _in_order(tuple(chosen))


def _in_order(services: tuple[Service, ...]) -> tuple[Service, ...]:
    ordered: list[Service] = []
    while len(ordered) < len(services):
        done = {service.name for service in ordered}
        free = [
            service
            for service in services
            if service.name not in done and all(need.service in done for need in service.needs)
        ]
        if not free:
            raise ValueError("services wait for each other, or for one that is not there")
        ordered += free
    return tuple(ordered)
