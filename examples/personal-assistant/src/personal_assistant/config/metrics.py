"""Numbers for Prometheus that stay right when several processes answer on one port.

With PROMETHEUS_MULTIPROC_DIR each process counts into files of its own there and whoever is
asked adds them up. The directory must be empty when the service starts.
"""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from personal_assistant.config.settings import get_settings

CONTENT_TYPE = CONTENT_TYPE_LATEST

REQUESTS = Counter("http_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram("http_request_duration_seconds", "Time to the answer.", ["method", "route"])
TASKS = Counter("assistant_tasks_total", "Tasks that came to an end.", ["task", "outcome"])
TASK_SECONDS = Histogram("assistant_task_duration_seconds", "Time that a task took.", ["task"])


def exposition() -> bytes:
    directory = get_settings().prometheus_multiproc_dir
    if directory is None:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(directory))  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def leave() -> None:
    """What this process counted stays; only what says that it lives goes."""
    if directory := get_settings().prometheus_multiproc_dir:
        mark_process_dead(os.getpid(), path=str(directory))  # type: ignore[no-untyped-call]
