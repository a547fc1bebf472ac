"""What plain processes of this machine cannot run, and why, in words for the user."""

import shutil
from collections.abc import Iterable, Mapping

from stackproof.model.stack import Role, Service, Software, Stack

_IN_CONTAINERS: Mapping[Software, str] = {
    "nginx": "nginx",
    "prometheus": "Prometheus",
    "redis-exporter": "redis_exporter",
    "postgres-exporter": "postgres_exporter",
    "nginx-exporter": "the exporter of nginx",
    "grafana": "Grafana",
    "loki": "Loki",
    "alloy": "Grafana Alloy",
    "jaeger": "Jaeger",
    "mariadb": "MariaDB",
    "mongodb": "MongoDB",
    "rabbitmq": "RabbitMQ",
    "elasticsearch": "Elasticsearch",
    "opensearch": "OpenSearch",
    "mailpit": "Mailpit",
}
_OF_ITS_IMAGE: Mapping[Role, str] = {
    "backup": "the backup runs on the programs of its image",
    "load": "the load is put on the proxy, which runs in a container only",
}


def reasons(services: Iterable[Service], stack: Stack) -> dict[str, str]:
    """By service, in their order. A front end may still turn out not to fit the machine's Node.js."""
    found = {service.name: _reason(service, stack) for service in services}
    return {name: reason for name, reason in found.items() if reason}


def _reason(service: Service, stack: Stack) -> str:
    if service.role in _OF_ITS_IMAGE:
        return _OF_ITS_IMAGE[service.role]
    if service.software in _IN_CONTAINERS:
        return f"{_IN_CONTAINERS[service.software]} runs in a container only"
    if service.software == "node":
        return _node(service, stack)
    return ""


def _node(service: Service, stack: Stack) -> str:
    build = next((each for each in stack.node if each.name == service.build), None)
    missing = [name for name in ("node", build.tool if build else "npm") if not shutil.which(name)]
    return f"{' and '.join(missing)} not on this machine" if missing else ""
