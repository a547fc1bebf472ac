"""What the user decided in stackproof.toml, or under [tool.stackproof] in pyproject.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from stackproof.model.source import Place
from stackproof.model.stack import Bounds, EnvironmentName, Metered, Pace, Shared, TaskRequest


@dataclass(frozen=True)
class ServiceSettings:
    """One [services.<name>]; None: not said."""

    app: str | None = None
    health: str | None = None
    port: int | None = None
    publish: int | bool | None = None  # a port of the host in dev, false: not published
    memory_mb: int | None = None
    cpus: float | None = None
    pids: int | None = None
    grace: float | None = None
    queues: tuple[str, ...] | None = None
    concurrency: int | None = None
    outward: bool | None = None
    command: tuple[str, ...] | None = None  # exec form: a service that is no web application
    workers: int | None = None  # server processes in each container
    replicas: int | None = None  # containers in stage and prod
    route: str | None = None  # path prefix at the proxy
    stores: tuple[str, ...] | None = None  # the stores that it talks to; all where not said
    metrics: str | bool | None = None  # path for Prometheus; false: none
    debugger: int | bool | None = None  # port of the host in dev, false: none
    enabled: bool | None = None  # false: left out, although it was found


@dataclass(frozen=True)
class JobSettings:
    """One [jobs.<name>]: a command that runs once for each `up`, before what needs it."""

    command: tuple[str, ...]
    environments: tuple[EnvironmentName, ...] = ("dev", "stage", "prod")
    before: tuple[str, ...] = ()  # services that wait for it; none: nothing does


@dataclass(frozen=True)
class BackupSettings:
    """[backup] of the stack's PostgreSQL in stage and prod."""

    every_hours: float = 24.0
    keep: int = 7


@dataclass(frozen=True)
class EnvironmentSettings:
    """One [environments.<name>]; None: not said."""

    port_offset: int | None = None
    address: str | None = None  # of the host, where ports are published
    http: int | None = None  # ports of the host for the proxy
    https: int | None = None
    server_name: str | None = None


@dataclass(frozen=True)
class CheckSettings:
    """[check]: which rules are asked, and what is left out."""

    profile: Literal["recommended", "strict"] = "recommended"
    ignore: Mapping[str, str] = field(default_factory=dict)  # rule -> reason
    severity: Mapping[str, Literal["error", "warning", "info"]] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()  # patterns of paths


@dataclass(frozen=True)
class Settings:
    """All of it; `places` says where each dotted key was read."""

    name: str | None = None
    python: str | None = None
    installer: Literal["poetry", "uv", "pip"] | None = None
    uid: int | None = None
    include: tuple[str, ...] = ()  # further files and folders that belong into the image
    bounds: Bounds = field(default_factory=Bounds)
    services: Mapping[str, ServiceSettings] = field(default_factory=dict)
    environments: Mapping[EnvironmentName, EnvironmentSettings] = field(default_factory=dict)
    task: TaskRequest | None = None
    prepare: tuple[tuple[str, ...], ...] = ()  # commands that the build runs once the packages are there
    prepared: tuple[str, ...] = ()  # what they make, relative to the project
    proxy: bool | None = None
    monitoring: bool | None = None
    secrets: Mapping[str, Literal["generated", "given", "unset"]] = field(default_factory=dict)  # by variable
    jobs: Mapping[str, JobSettings] = field(default_factory=dict)
    backup: BackupSettings | None = None
    metered: Metered | None = None
    shared: tuple[Shared, ...] = ()
    pace: Pace = field(default_factory=Pace)
    headers: tuple[tuple[str, str], ...] = ()  # of every request of the proof
    advisories: str | None = None  # an OSV database
    check: CheckSettings = field(default_factory=CheckSettings)
    places: Mapping[str, Place] = field(default_factory=dict)

    def service(self, name: str) -> ServiceSettings:
        return self.services.get(name, ServiceSettings())

    def environment(self, name: EnvironmentName) -> EnvironmentSettings:
        return self.environments.get(name, EnvironmentSettings())

    def place(self, key: str) -> Place | None:
        """Where `services.api.port` was said, None where it was not."""
        return self.places.get(key)
