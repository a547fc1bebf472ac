"""SP309: what happens in a service can be read in its log on standard output, and nowhere else."""

import secrets
from collections.abc import Iterator
from typing import cast

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service
from stackproof.prove import asking, from_inside, present, transactions
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Row, held, rows
from stackproof.tools.http import request

_WITHIN = 20.0
_DONE_WITHIN = 60.0


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running = bench.running()
    files = _log_files(running)
    seen: list[Json] = [*_requests(running), *_tasks(running, asking.known(bench, ask))]
    lines: list[Json] = [
        {"service": service.name, "lines": len(present.logs(running, service.name).splitlines())}
        for service in present.services(running)
    ]
    grown: list[Json] = list(_grown(files, _log_files(running)))
    return Measurement(
        f"{len(seen)} events, {len(lines)} logs",
        "a request with a mark of its own, sent beside the service, and a task, looked for in the logs; files that "
        "look like logs in every writable folder, before and after",
        {"seen": seen, "logs": lines, "grown": grown, "looked_into": list(files)},
    )


def _requests(running: Running) -> Iterator[dict[str, Json]]:
    for service in present.of_role(running, "web"):
        mark = f"stackproof-{secrets.token_hex(8)}"
        from_inside.beside(running, service.name, service.port or 0, "http_answer", [f"/{mark}?mark={mark}"])
        yield {
            "service": service.name,
            "what": "the request for a marked path",
            "mark": mark,
            "found": _found(running, (service,), mark),
        }


def _tasks(running: Running, ask: Ask) -> Iterator[dict[str, Json]]:
    """A worker that names neither the task nor its own identifier for it must at least write a line meanwhile."""
    task, workers = running.stack.task, present.of_role(running, "worker")
    if task is None or not workers:
        return
    before = _lines(running, workers)
    task_id, refusal = transactions.submit(running, task, ask)
    if not task_id:
        yield {"service": task.service, "what": f"a task ({refusal})", "mark": "", "found": False}
        return
    transactions.follow(running, task, task_id, {task.done_state}, _DONE_WITHIN, ask)
    found = _found(running, workers, task_id) or _lines(running, workers) > before
    names = ", ".join(worker.name for worker in workers)
    yield {"service": names, "what": "the task that was done", "mark": task_id, "found": found}


def _found(running: Running, services: tuple[Service, ...], mark: str) -> bool:
    begun = running.now()
    while not any(mark in present.logs(running, service.name) for service in services):
        if running.now() - begun >= _WITHIN:
            return False
        running.pause(0.2)
    return True


def _lines(running: Running, services: tuple[Service, ...]) -> int:
    return sum(present.logs(running, service.name).count("\n") for service in services)


def _log_files(running: Running) -> dict[str, dict[str, int]]:
    """Per Python service; the others have nothing to look with."""
    found = {}
    for service in present.services(running):
        if service.python:
            mounted: list[Json] = [mount.path for mount in service.mounts]
            answer, _ = from_inside.look(running, service.name, "log_files", mounted)
            found[service.name] = cast(dict[str, int], answer["files"])
    return found


def _grown(before: dict[str, dict[str, int]], after: dict[str, dict[str, int]]) -> Iterator[dict[str, Json]]:
    for service, files in after.items():
        for path, size in files.items():
            old = before[service].get(path)
            if size > (old or 0) or old is None:
                yield {"service": service, "path": path, "before": old, "after": size}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    seen = rows(measurement, "seen")
    events = ", ".join(f"{row['what']} ({row['service']})" for row in seen)
    because = f"found in the logs: {events or 'nothing was asked'}; every service writes there, and no log file grew"
    return held(_problems(measurement, seen), because)


def _problems(measurement: Measurement, seen: tuple[Row, ...]) -> Iterator[str]:
    for row in rows(measurement, "grown"):
        yield f"{row['service']} logs to a file: {row['path']} ({row['before'] or 0} to {row['after']} bytes)"
    for row in seen:
        if not row["found"]:
            yield f"{row['service']}: {row['what']} left no line in the log"
    for row in rows(measurement, "logs"):
        if not row["lines"]:
            yield f"{row['service']} has written nothing to standard output"


CLAIM = Claim(
    id="SP309-logs-to-stdout",
    group="running",
    says="Every service logs to standard output: requests and tasks can be found there, and no log file grows.",
    measure=_measure,
    judge=_judge,
    company="looks",
)
