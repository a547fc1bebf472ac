"""What the user decided in stackproof.toml, or under [tool.stackproof] in pyproject.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from stackproof.model.source import Place
from stackproof.model.stack import Bounds, EnvironmentName, TaskRequest


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


@dataclass(frozen=True)
class EnvironmentSettings:
    """One [environments.<name>]; None: not said."""

    port_offset: int | None = None
    address: str | None = None


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
    places: Mapping[str, Place] = field(default_factory=dict)

    def service(self, name: str) -> ServiceSettings:
        return self.services.get(name, ServiceSettings())

    def environment(self, name: EnvironmentName) -> EnvironmentSettings:
        return self.environments.get(name, EnvironmentSettings())

    def place(self, key: str) -> Place | None:
        """Where `services.api.port` was said, None where it was not."""
        return self.places.get(key)
