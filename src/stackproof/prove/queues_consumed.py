"""SP308: a message in any queue that tasks are routed to is received by a worker of this stack."""

from collections.abc import Iterator

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, CeleryPlan
from stackproof.prove import from_inside, present
from stackproof.prove.verdicts import Late, Row, held, number, refuted, row_in, rows, text, texts, unmeasured

_WITHIN = 20.0
_LOG_WITHIN = 20.0


def _measure(bench: Bench) -> Measurement:
    running, celery = bench.running(), _celery(bench)
    workers = [worker.name for worker in present.workers(running)]
    found, done = from_inside.look(
        running, workers[0], "celery_queues", celery.module, celery.attribute, _WITHIN, timeout=_WITHIN + 30
    )
    probed = rows(Measurement("", "", found), "queues")
    seen: list[Json] = [{**row, "worker": _logged_by(running, workers, row)} for row in probed]
    planned: list[Json] = [queue for queue, _ in celery.routed]
    return Measurement(
        f"{len(seen)} queues",
        "one message per queue, for a registered task and long expired, so that a worker receives it, logs its id and "
        "throws it away; the queue's depth before and after",
        {"queues": seen, "tasks": found["tasks"], "dead_routes": found["dead_routes"], "planned": planned},
        (done,),
    )


def _celery(bench: Bench) -> CeleryPlan:
    if bench.stack.celery is not None:
        return bench.stack.celery
    raise Unmeasurable("The project has no Celery application.", fix="There are no queues to look at.")


def _logged_by(running: Running, workers: list[str], probe: Row) -> str:
    """The worker whose log names the message; "" where none does within a few seconds."""
    if probe["seconds"] is None:
        return ""
    begun = running.now()
    while running.now() - begun < _LOG_WITHIN:
        if found := [name for name in workers if text(probe, "id") in present.logs(running, name)]:
            return found[0]
        running.pause(0.2)
    return ""


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    queues, limit = rows(measurement, "queues"), f"{_WITHIN:g} s"
    if problems := list(_problems(measurement, queues)):
        return held(problems, "", limit)
    if not queues:
        return refuted("the Celery application has no task of its own: nothing is routed to any queue", limit)
    if unsure := [text(row, "queue") for row in queues if not row["worker"]]:
        said = f"the message left the queue {', '.join(unsure)}, but no worker's log holds its id"
        return unmeasured(f"{said}: the worker logs at a level above INFO, or another worker took it", limit)
    because = "; ".join(f"{row['queue']}: {row['worker']} after {number(row, 'seconds'):.2f} s" for row in queues)
    return held((), because, limit)


def _problems(measurement: Measurement, queues: tuple[Row, ...]) -> Iterator[str]:
    for name, queue in (row_in(measurement.observed, "tasks") or {}).items():
        if not queue:
            yield f"the task {name} is routed to a queue that the application does not have"
    for pattern in texts(measurement.observed, "dead_routes"):
        yield f"the route {pattern} matches no registered task"
    for queue in texts(measurement.observed, "planned"):
        if queue not in {row["queue"] for row in queues}:
            yield f"no registered task is routed to the queue {queue}"
    for row in queues:
        if row["seconds"] is None:
            yield Late(f"nobody drains the queue {row['queue']}: {_left(row)}")


def _left(row: Row) -> str:
    kept = "it was taken out again" if row["removed"] else "it is still there"
    return f"a message for {row['task']} waited {_WITHIN:g} s and {kept}"


CLAIM = Claim(
    id="SP308-queues-consumed",
    group="running",
    says="Every queue that tasks are routed to is consumed by a worker.",
    measure=_measure,
    judge=_judge,
    applies=present.has_worker,
)
