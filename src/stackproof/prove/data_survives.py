"""SP323: what was stored is there after the whole stack was taken down and brought up again."""

import hashlib
from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Shared, Stack, TaskRequest
from stackproof.prove import asking, transactions, written
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Row, held, rows, text
from stackproof.tools.http import Answer, request

_DONE_WITHIN = 60.0


def applies(stack: Stack) -> bool:
    """Something must say how it is written and read, and something must keep it."""
    return bool(stack.volumes) and (stack.task is not None or bool(stack.shared))


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running = bench.running()
    begun = [*_tasks(bench, running, ask), *_written(bench, running, ask)]
    again = bench.again() if all(not row["refusal"] for row in begun) else running
    seen: list[Json] = [_read_again(bench, again, row, ask) for row in begun]
    volumes: list[Json] = [volume.name for volume in running.stack.volumes]
    return Measurement(
        f"{len(seen)} kept",
        "written through the application; every container removed, with all that is in it but not its volumes, and the "
        "stack brought up anew; then read again",
        {"kept": seen, "volumes": volumes},
    )


def _tasks(bench: Bench, running: Running, ask: Ask) -> Iterator[dict[str, Json]]:
    if (task := running.stack.task) is not None:
        yield _task(running, task, asking.known(bench, ask))


def _task(running: Running, task: TaskRequest, ask: Ask) -> dict[str, Json]:
    """Done before anything is taken down: a task that still runs may change its result."""
    task_id, refusal = transactions.submit(running, task, ask)
    if not refusal and not transactions.follow(running, task, task_id, {task.done_state}, _DONE_WITHIN, ask).reached:
        refusal = f"the task was not {task.done_state} within {_DONE_WITHIN:g} s"
    path = task.result_path.replace("{id}", task_id)
    return _first(running, "the result of a task", task.service, path, refusal, ask)


def _written(bench: Bench, running: Running, ask: Ask) -> Iterator[dict[str, Json]]:
    for shared in running.stack.shared:
        found = written.write(bench, running, written.there(running, shared), ask)
        asked = asking.known(bench, ask, shared.headers)
        yield _first(running, _name(shared), shared.service, found.path, found.refusal, asked)


def _name(shared: Shared) -> str:
    return f"what {shared.method} {shared.path} wrote"


def _first(running: Running, what: str, service: str, path: str, refusal: str, ask: Ask) -> dict[str, Json]:
    before = "" if refusal else _told(ask("GET", running.address(service) + path))
    return {"what": what, "service": service, "path": path, "refusal": refusal, "before": before}


def _read_again(bench: Bench, running: Running, row: dict[str, Json], ask: Ask) -> dict[str, Json]:
    if row["refusal"]:
        return {**row, "after": ""}
    more = next((each.headers for each in bench.stack.shared if _name(each) == row["what"]), ())
    asked = asking.known(bench, ask, more)
    return {**row, "after": _told(asked("GET", f"{running.address(str(row['service']))}{row['path']}"))}


def _told(answer: Answer) -> str:
    """A hash of the contents, or what was answered instead."""
    if answer.status != 200:
        return f"answered {answer.status} {answer.problem}".strip()
    return hashlib.sha256(answer.body).hexdigest()


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    kept = rows(measurement, "kept")
    what = " and ".join(text(row, "what") for row in kept)
    volumes = ", ".join(str(name) for name in measurement.observed["volumes"])
    return held((problem for row in kept for problem in _problems(row)), f"{what}: the same afterwards, from {volumes}")


def _problems(row: Row) -> Iterator[str]:
    before, after = text(row, "before"), text(row, "after")
    if row["refusal"]:
        yield text(row, "refusal")
    elif before.startswith("answered"):
        yield f"{row['what']} could not be read before anything was taken down: {before}"
    elif after.startswith("answered"):
        yield f"{row['what']} is gone after the stack was taken down and brought up: GET {row['path']} is {after}"
    elif before != after:
        yield f"{row['what']} is another one after the stack was taken down and brought up"


CLAIM = Claim(
    id="SP323-data-survives",
    group="running",
    says="What was stored is there after the stack was taken down and brought up again.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)
