"""What runs in an image, told by its name: the software, its role, and the port where it usually listens."""

import re
from dataclasses import dataclass

from stackproof.model.stack import Role, Software


@dataclass(frozen=True, slots=True)
class Known:
    software: Software
    role: Role
    port: int | None = None


_NAME = re.compile(r"(?:.*/)?(?P<name>[^/:@]+)(?::[^@/]+)?(?:@.+)?")
# By the last part of the image's name, as its makers publish it.
_KNOWN: dict[str, Known] = {
    **dict.fromkeys(("redis", "valkey", "keydb", "redis-stack", "redis-stack-server", "dragonfly"),
                    Known("redis", "store", 6379)),
    **dict.fromkeys(("postgres", "postgis", "pgvector", "timescaledb"), Known("postgres", "store", 5432)),
    **dict.fromkeys(("mysql", "mariadb", "percona"), Known("other", "store", 3306)),
    **dict.fromkeys(("mongo", "mongodb"), Known("other", "store", 27017)),
    **dict.fromkeys(("rabbitmq",), Known("other", "store", 5672)),
    **dict.fromkeys(("elasticsearch", "opensearch"), Known("other", "store", 9200)),
    **dict.fromkeys(("memcached",), Known("other", "store", 11211)),
    **dict.fromkeys(("minio",), Known("other", "store", 9000)),
    **dict.fromkeys(("nginx", "nginx-unprivileged", "openresty"), Known("nginx", "front", 80)),
    **dict.fromkeys(("traefik", "caddy", "haproxy", "envoy", "httpd"), Known("other", "front", 80)),
    "prometheus": Known("prometheus", "observe", 9090),
    "grafana": Known("grafana", "observe", 3000),
    "loki": Known("loki", "observe", 3100),
    "alloy": Known("alloy", "observe"),
    **dict.fromkeys(("all-in-one", "jaeger"), Known("jaeger", "observe", 16686)),
    "redis_exporter": Known("redis-exporter", "observe", 9121),
    "postgres-exporter": Known("postgres-exporter", "observe", 9187),
    "nginx-prometheus-exporter": Known("nginx-exporter", "observe", 9113),
    "flower": Known("other", "monitor", 5555),
}  # fmt: skip
_UNKNOWN = Known("other", "process")


def known(image: str) -> Known:
    return _KNOWN.get(name(image), _UNKNOWN)


def name(image: str) -> str:
    """`redis` of `docker.io/library/redis:7-alpine@sha256:…`."""
    found = _NAME.fullmatch(image)
    return found["name"] if found else image


def holds(base: str) -> Software:
    """The language or server of a base image that something is built on."""
    last = name(base)
    if re.search(r"python|uvicorn|gunicorn|fastapi|django|miniconda|pypy", base):
        return "python"
    if re.search(r"(^|[/-])uv($|[:@])", base):
        return "python"
    if last in ("node", "bun") or "/node" in base:
        return "node"
    return known(base).software
