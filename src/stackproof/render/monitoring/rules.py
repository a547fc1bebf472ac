"""Alerts about the services that are there, each with what it means."""

from collections.abc import Iterator

import yaml

from stackproof.model.stack import Stack

_HEAD = "# Written by stackproof; change stackproof.toml and render again.\n"


def files(stack: Stack) -> Iterator[tuple[str, str]]:
    groups = [{"name": stack.name, "rules": list(_rules(stack))}]
    yield "rules.yml", _HEAD + yaml.safe_dump({"groups": groups}, sort_keys=False, width=120)


def _rules(stack: Stack) -> Iterator[dict[str, object]]:
    software = {service.software for service in stack.services}
    yield _alert("TargetDown", "up == 0", "2m", "critical", "{{ $labels.job }} does not answer Prometheus")
    if "nginx-exporter" in software:
        yield _alert("ProxyDown", "nginx_up == 0", "1m", "critical", "nginx does not answer: nobody reaches the stack")
    if "redis-exporter" in software:
        yield _alert("RedisDown", "redis_up == 0", "1m", "critical", "{{ $labels.job }} cannot reach its Redis")
        full = "redis_memory_used_bytes / redis_memory_max_bytes > 0.8 and redis_memory_max_bytes > 0"
        yield _alert("RedisAlmostFull", full, "5m", "warning", "A Redis uses over 80 % of its memory")
        yield _alert(
            "RedisLogFails", "redis_aof_last_write_status == 0", "1m", "critical", "Redis cannot write its log to disk"
        )
    if stack.celery and "redis-exporter" in software:
        waiting = "sum by (key) (redis_key_size) > 1000"
        yield _alert("QueueGrows", waiting, "10m", "warning", "Over 1000 tasks wait in {{ $labels.key }}")
    if "postgres-exporter" in software:
        yield _alert("PostgresDown", "pg_up == 0", "1m", "critical", "The exporter cannot reach PostgreSQL")
        used = "sum(pg_stat_database_numbackends) / max(pg_settings_max_connections) > 0.8"
        yield _alert("PostgresConnections", used, "5m", "warning", "Over 80 % of max_connections are in use")


def _alert(name: str, expression: str, lasting: str, severity: str, summary: str) -> dict[str, object]:
    return {
        "alert": name,
        "expr": expression,
        "for": lasting,
        "labels": {"severity": severity},
        "annotations": {"summary": summary},
    }
