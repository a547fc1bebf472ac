"""What we mean to run in one environment: the one model that every file and every runtime is made from.

Texts in a stack may hold references, which each renderer and runtime resolves for itself:
`@{redis.host}` and `@{redis.port}` (where another service answers), `@{self.bind}` and `@{self.port}` (where this
service listens), `@{volume.data}` (where a volume is mounted), `@{tmp}` (a scratch folder of this service alone),
`@{health}` (the folder of the probe helper), `@{secret.redis-password}` (the path of a secret's file),
`@{reveal.redis-password}` (a mark that the launcher replaces by the secret's text when the service starts: as it is
where it is the whole value, quoted for a URL inside of one; see `Service.launched`), `@{at}` (an at sign: see
`literal`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from stackproof.model.adopted import Adopted as Adopted
from stackproof.model.builds import AnyBuild as AnyBuild
from stackproof.model.builds import Build as Build
from stackproof.model.builds import GivenBuild as GivenBuild
from stackproof.model.builds import Install as Install
from stackproof.model.builds import NodeBuild as NodeBuild
from stackproof.model.facts import Ambiguity
from stackproof.model.parts import Because as Because
from stackproof.model.parts import CeleryPlan as CeleryPlan
from stackproof.model.parts import Database as Database
from stackproof.model.parts import Load as Load
from stackproof.model.parts import Proxy as Proxy
from stackproof.model.parts import Secret as Secret
from stackproof.model.proving import Bounds as Bounds
from stackproof.model.proving import Metered as Metered
from stackproof.model.proving import Pace as Pace
from stackproof.model.proving import Shared as Shared
from stackproof.model.proving import TaskRequest as TaskRequest

EnvironmentName = Literal["dev", "stage", "prod"]
ENVIRONMENTS: tuple[EnvironmentName, ...] = ("dev", "stage", "prod")
Role = Literal[
    "web", "front", "proxy", "worker", "beat", "process", "job", "backup", "monitor", "observe", "load", "store"
]
Software = Literal[
    "python", "node", "redis", "postgres", "nginx", "prometheus", "redis-exporter", "postgres-exporter",
    "nginx-exporter", "grafana", "loki", "alloy", "jaeger", "mariadb", "mongodb", "rabbitmq", "elasticsearch",
    "opensearch", "mailpit", "other",
]  # fmt: skip

_REFERENCE = re.compile(r"@\{([a-z0-9_.-]+)\}")


def resolve(text: str, references: Mapping[str, str]) -> str:
    """Fill in the references. Raises KeyError for one that nobody defines: that is a bug in a plan."""
    known = {"at": "@", **references}
    return _REFERENCE.sub(lambda found: known[found[1]], text)


def literal(text: str) -> str:
    """Somebody else's text, such that no part of it is taken for a reference."""
    return text.replace("@{", "@{at}{")


@dataclass(frozen=True)
class Health:
    """How anyone can tell that a service is ready. Times in seconds.

    `http`: GET `target` on `port` of 127.0.0.1 answers 200, redirects not followed. `heartbeat`: the file `target` is
    younger than `max_age`. `redis`: PING is answered by PONG. `postgres`: the server takes connections over TCP.
    `https`: as `http`, over TLS whose certificate is not checked. `backup`: the script `target` finds a dump that is
    not older than its schedule asks. `command`: the line `target` ends with 0 in `sh`; it asks `port`, or, in an
    adopted stack, whatever it asks.
    """

    kind: Literal["http", "https", "heartbeat", "redis", "postgres", "backup", "command"]
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
    `value` is then the default, and None says that there is none. A fixed one without value is never set: the code
    reads it, but gets its secret as a file.
    """

    name: str
    value: str | None
    settable: bool
    required: bool = False
    secret: bool = False
    because: Because = Because("")


@dataclass(frozen=True)
class Mount:
    """`volume` names a Volume of the stack; `source` a file or folder of the project (bind mount). One of the two."""

    path: str  # absolute, inside the container
    volume: str | None = None
    source: str | None = None
    read_only: bool = False


@dataclass(frozen=True)
class Limits:
    """0: an adopted stack states none."""

    memory_mb: int
    cpus: float
    pids: int


@dataclass(frozen=True)
class Publish:
    """A port of the host that leads to the service's port, or to `target` where that is another one."""

    address: str  # "127.0.0.1"
    port: int
    target: int | None = None
    scheme: Literal["http", "https"] = "http"


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
    build: str = "app"  # where `built`: the name of a build of the stack
    software: Software = "python"  # what runs in it
    replicas: int = 1
    secrets: tuple[str, ...] = ()  # whose files it may read
    metrics: str | None = None  # path on `port` that Prometheus can scrape
    scratch: tuple[str, ...] = ()  # further folders in memory that the service alone may write to
    more: tuple[Publish, ...] = ()  # further published ports: redirect, debugger
    one_shot: bool = False  # runs to its end, once for each `up`
    aliases: tuple[str, ...] = ()  # further names on its networks, which the code has written down
    debugger: tuple[str, ...] = ()  # words before the command in dev's containers; other runtimes leave them out

    @property
    def python(self) -> bool:
        """Runs in the image of the project's Python code."""
        return self.built and self.software == "python"

    @property
    def launched(self) -> bool:
        """Starts through `stackproof_start.py`, which fills in what the environment only names."""
        return any("@{reveal." in (each.value or "") for each in self.environment)

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
    node: tuple[NodeBuild, ...] = ()
    secrets: tuple[Secret, ...] = ()
    database: Database | None = None
    proxy: Proxy | None = None
    load: Load | None = None
    metered: Metered | None = None
    shared: tuple[Shared, ...] = ()
    pace: Pace = Pace()
    # That a request of the proof carries; `@{reveal.seed-api-key}` is the text of that secret.
    headers: tuple[tuple[str, str], ...] = ()
    advisories: str | None = None  # an OSV database, a folder or a zip file: a path as the project sees it
    # Where the container files are the user's own: nothing is rendered, and `build` only tells of the Python code.
    adopted: Adopted | None = None

    @property
    def name(self) -> str:
        """The project name that the engine sees; different in every environment."""
        return f"{self.project}-{self.environment}"

    def service(self, name: str) -> Service:
        return next(service for service in self.services if service.name == name)

    def has(self, name: str) -> bool:
        return any(service.name == name for service in self.services)

    def secret(self, name: str) -> Secret:
        return next(secret for secret in self.secrets if secret.name == name)

    def images(self) -> tuple[tuple[str, AnyBuild], ...]:
        """Every image that is built for the stack: its tag, and what it is made from; the Python one first."""
        tags = {service.build: service.image for service in self.services if service.built}
        made: tuple[AnyBuild, ...] = self.adopted.builds if self.adopted else (self.build, *self.node)
        return tuple((tags[build.name], build) for build in made if build.name in tags)

    @property
    def python_build(self) -> AnyBuild:
        """What the image of the project's Python code is made from."""
        return next((build for _, build in self.images() if build.name == self.build.name), self.build)

    def without(self, names: frozenset[str]) -> "Stack":
        """The same without these services, every wait for them, and every variable that says where they answer."""
        gone = tuple(f"@{{{name}." for name in names)
        kept = tuple(
            replace(
                service,
                needs=tuple(need for need in service.needs if need.service not in names),
                environment=tuple(
                    each for each in service.environment if not any(mark in (each.value or "") for mark in gone)
                ),
            )
            for service in self.services
            if service.name not in names
        )
        return replace(self, services=kept)

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
