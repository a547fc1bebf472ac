"""Which queue each task goes to, and whether a message put there is taken: asked of the project's own Celery app.

The message names a registered task and has long expired: a worker receives it, throws it away and acknowledges it.
The task itself does not run.
"""

import datetime
import fnmatch
import importlib
import logging
import time
import uuid
from typing import Any

App = Any  # neither Celery nor kombu is there where this is checked
Connection = Any


def look(module: str, attribute: str, within: float) -> dict[str, object]:
    logging.disable(logging.WARNING)
    app = getattr(importlib.import_module(module), attribute)
    app.loader.import_default_modules()
    app.finalize()
    tasks = sorted(name for name in app.tasks if not name.startswith("celery."))
    routed = {name: _queue(app, name) for name in tasks}
    probes = {queue: (name, str(uuid.uuid4())) for name, queue in reversed(list(routed.items())) if queue}
    with app.connection_for_write() as connection:
        before = {queue: _depth(connection, queue) for queue in probes}
        for name, task_id in probes.values():
            expired = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)  # noqa: UP017
            app.send_task(name, task_id=task_id, expires=expired)
        probed = _watch(app, connection, probes, before, within)
    return {"tasks": routed, "dead_routes": _dead(app, tasks), "queues": probed}


def _queue(app: App, name: str) -> str:
    """Its name, or "" where the application's routes lead to none."""
    exceptions = importlib.import_module("celery.exceptions")
    try:
        queue = app.amqp.router.route({}, name).get("queue")
    except exceptions.QueueNotFound:
        return ""
    return str(getattr(queue, "name", queue) or "")


def _dead(app: App, tasks: list[str]) -> list[str]:
    routes = app.conf.task_routes or {}
    patterns = [pattern for pattern in routes if isinstance(pattern, str)] if isinstance(routes, dict) else []
    return [pattern for pattern in patterns if not fnmatch.filter(tasks, pattern)]


def _depth(connection: Connection, queue: str) -> int:
    """How many messages wait there; 0 where there is no such queue yet."""
    try:
        return int(connection.default_channel.queue_declare(queue=queue, passive=True).message_count)
    except connection.channel_errors:
        return 0


def _watch(
    app: App, connection: Connection, probes: dict[str, tuple[str, str]], before: dict[str, int], within: float
) -> list[dict[str, object]]:
    begun = time.monotonic()
    taken: dict[str, float] = {}
    while len(taken) < len(probes) and time.monotonic() - begun < within:
        for queue in probes:
            if queue not in taken and not _depth(connection, queue):
                taken[queue] = time.monotonic() - begun
        time.sleep(0.05)
    return [
        {
            "queue": queue,
            "task": name,
            "id": task_id,
            "before": before[queue],
            "after": _depth(connection, queue),
            "seconds": taken.get(queue),
            "removed": queue not in taken and _remove(connection, queue, task_id),
            "result": _result(app, task_id),
        }
        for queue, (name, task_id) in probes.items()
    ]


def _remove(connection: Connection, queue: str, task_id: str) -> bool:
    """Take our message out again; what else is there goes back."""
    channel, others, removed = connection.default_channel, [], False
    for _ in range(_depth(connection, queue)):
        message = channel.basic_get(queue)
        if message is None:
            break
        if message.headers.get("id") == task_id:
            message.ack()
            removed = True
            break
        others.append(message)
    for message in reversed(others):
        message.requeue()
    return removed


def _result(app: App, task_id: str) -> str:
    """What the workers wrote about it, which is then forgotten; a backend without results says so."""
    result = app.AsyncResult(task_id)
    try:
        state = result.state
        for _ in range(20):
            if state != "PENDING":
                break
            time.sleep(0.05)
            state = result.state
        result.forget()
    except (AttributeError, NotImplementedError):
        return "no result backend"
    return str(state)
