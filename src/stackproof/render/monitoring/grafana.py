"""Grafana's data sources, and one dashboard with a row for each kind of service that is there."""

import json
from collections.abc import Iterator

import yaml

from stackproof.model.stack import Stack

_HEAD = "# Written by stackproof; change stackproof.toml and render again.\n"
_DASHBOARDS = "/etc/grafana/stackproof/dashboards"
_SOURCE = {"type": "prometheus", "uid": "prometheus"}
_WIDTH, _HEIGHT, _COLUMNS = 8, 8, 24

Panel = tuple[str, str, str, str]  # title, expression, legend, unit


def files(stack: Stack) -> Iterator[tuple[str, str]]:
    yield "provisioning/datasources/stack.yaml", _yaml({"apiVersion": 1, "datasources": list(_sources(stack))})
    provider = {"name": stack.name, "type": "file", "options": {"path": _DASHBOARDS}}
    yield "provisioning/dashboards/stack.yaml", _yaml({"apiVersion": 1, "providers": [provider]})
    yield "dashboards/stack.json", json.dumps(_dashboard(stack), indent=2) + "\n"


def _yaml(document: dict[str, object]) -> str:
    return _HEAD + yaml.safe_dump(document, sort_keys=False, width=120)


def _sources(stack: Stack) -> Iterator[dict[str, object]]:
    for kind in ("prometheus", "loki", "jaeger"):
        if stack.has(kind):
            yield {
                "name": kind.capitalize(),
                "type": kind,
                "uid": kind,
                "access": "proxy",
                "url": f"http://{kind}:{stack.service(kind).port}",
                "isDefault": kind == "prometheus",
                "editable": False,
            }


def _dashboard(stack: Stack) -> dict[str, object]:
    panels = [_panel(number, panel) for number, panel in enumerate(_panels(stack))]
    logs = [_logs(stack, len(panels))] if stack.has("loki") else []
    return {
        "uid": "stack",
        "title": stack.name,
        "schemaVersion": 41,
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "panels": [*panels, *logs],
    }


def _panels(stack: Stack) -> Iterator[Panel]:
    software = {service.software for service in stack.services}
    yield "Up", "up", "{{job}} {{instance}}", "short"
    if "nginx-exporter" in software:
        yield "Requests at the proxy", "rate(nginx_http_requests_total[5m])", "requests", "reqps"
        yield "Connections at the proxy", "nginx_connections_active", "active", "short"
    if any(service.metrics and service.python for service in stack.services):
        yield "CPU", "rate(process_cpu_seconds_total[5m])", "{{job}} {{instance}}", "short"
        yield "Memory", "process_resident_memory_bytes", "{{job}} {{instance}}", "bytes"
    if "redis-exporter" in software:
        yield "Redis memory", "redis_memory_used_bytes", "{{job}}", "bytes"
        yield "Redis commands", "rate(redis_commands_processed_total[5m])", "{{job}}", "ops"
        yield "Redis evictions", "rate(redis_evicted_keys_total[5m])", "{{job}}", "ops"
    if stack.celery and "redis-exporter" in software:
        yield "Tasks that wait", "redis_key_size", "{{key}}", "short"
    if "postgres-exporter" in software:
        yield "PostgreSQL connections", "sum(pg_stat_database_numbackends)", "in use", "short"
        yield "PostgreSQL commits", "rate(pg_stat_database_xact_commit[5m])", "{{datname}}", "ops"


def _panel(number: int, panel: Panel) -> dict[str, object]:
    title, expression, legend, unit = panel
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": title,
        "datasource": _SOURCE,
        "gridPos": _position(number, _WIDTH),
        "fieldConfig": {"defaults": {"unit": unit}, "overrides": []},
        "targets": [{"refId": "A", "datasource": _SOURCE, "expr": expression, "legendFormat": legend}],
    }


def _logs(stack: Stack, number: int) -> dict[str, object]:
    source = {"type": "loki", "uid": "loki"}
    below = _position(number + 2, _COLUMNS)
    return {
        "id": number + 1,
        "type": "logs",
        "title": "Logs",
        "datasource": source,
        "gridPos": {**below, "x": 0, "w": _COLUMNS},
        "targets": [{"refId": "A", "datasource": source, "expr": f'{{stack="{stack.name}"}}'}],
    }


def _position(number: int, width: int) -> dict[str, int]:
    row, column = divmod(number * _WIDTH, _COLUMNS)
    return {"h": _HEIGHT, "w": width, "x": column, "y": row * _HEIGHT}
