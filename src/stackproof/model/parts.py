"""The parts of a stack that are no service: secrets, the database, the proxy's routes, Celery, load."""

from dataclasses import dataclass
from typing import Literal

from stackproof.model.source import Place


@dataclass(frozen=True)
class Because:
    """Why something is in the stack: words, and the place that says so (None: a default of ours)."""

    text: str
    seen: Place | None = None


@dataclass(frozen=True)
class Secret:
    """A text that lies in `deploy/secrets/<environment>/<name>` and is mounted as /run/secrets/<name>.

    `password`: made by us wherever nobody gives one; `given`: only the user can know it; `tls-certificate` and
    `tls-key`: a pair, self-signed where allowed. A derived one is written anew from `source` on each `up`:
    `redis-acl` (a Redis ACL file: the default user with the password's hash, and a user `probe` that may only PING),
    `redis-exporter` (the JSON file that redis_exporter reads).
    """

    name: str  # "redis-password"
    kind: Literal["password", "given", "tls-certificate", "tls-key", "redis-acl", "redis-exporter"]
    because: Because
    required: bool = True  # a `given` one that is missing leaves its variable unset where False
    source: str | None = None  # name of the secret that this one is derived from
    generated: bool = False  # `up` may make it by itself: dev, and the self-signed pair of stage


@dataclass(frozen=True)
class Pool:
    """A pool of connections: at most `size` for each of `processes` processes of each replica of a service."""

    service: str
    size: int
    processes: int


@dataclass(frozen=True)
class Migrations:
    """The job that brings the schema up to date, and how the tool is asked about it; all in exec form."""

    service: str
    tool: Literal["alembic", "django", "flask"]
    up: tuple[str, ...]
    down: tuple[str, ...]  # everything back to the empty schema
    current: tuple[str, ...]
    because: Because = Because("")


@dataclass(frozen=True)
class Database:
    """The stack's PostgreSQL."""

    service: str
    user: str
    name: str
    password: str  # name of the secret
    max_connections: int
    pools: tuple[Pool, ...] = ()
    migrations: Migrations | None = None
    backup: str | None = None  # the service that dumps it


@dataclass(frozen=True)
class Route:
    """Requests whose path begins with `prefix` go to `service`."""

    prefix: str  # "/", "/api/"
    service: str
    websocket: bool = False
    cached: bool = False  # immutable files: /_next/static/, /assets/
    sticky: bool = False  # the same client to the same replica
    limited: bool = True  # counts against the rate limit


@dataclass(frozen=True)
class Proxy:
    """nginx in front of everything: the only service of stage and prod that is published."""

    service: str
    routes: tuple[Route, ...]  # the longest prefix decides
    server_name: str  # "_" or a host name
    https_port: int  # of the host, for the redirect
    health: str  # route that asks the application: "/health"
    health_service: str
    certificate: str = "tls-certificate"  # names of the secrets
    key: str = "tls-key"
    rate: float = 50.0  # requests per second and client
    burst: int = 100
    body_mb: int = 10
    inside: int = 8081  # port in the container for its health check and its exporter alone; never published
    healthy: str = "/healthy"  # there: what the application says about itself
    status: str = "/nginx/status"  # there: the counters of nginx


@dataclass(frozen=True)
class Load:
    """The load job of stage: GET `paths` through the proxy with `users` at once for `seconds`."""

    service: str
    paths: tuple[str, ...]
    users: int = 10
    seconds: int = 20


@dataclass(frozen=True)
class CeleryPlan:
    """What the proof must know about the Celery application."""

    module: str
    attribute: str
    routed: tuple[tuple[str, str], ...]  # (queue, one task name that is routed there)
    acks_late: bool
    soft_shutdown: float  # seconds
    visibility_timeout: float  # seconds
    broker: str = "redis"  # name of the service
