"""SP403: a worker killed in mid-task comes back, and every task is done exactly once in the end."""

from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running, ServiceState
from stackproof.model.stack import Bounds, TaskRequest
from stackproof.prove import asking, present, transactions
from stackproof.prove.graceful_stop import again_within
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Late, Row, held, number, proved, refuted, rows_in, text, whole
from stackproof.tools.http import request

_BACK_WITHIN = 120.0
_BEFORE, _AFTER = 3, 2  # small tasks around the kill: some wait in the queue, some find no worker
_STILL = 1.0  # seconds in which a second run of the last task could show


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running, task = bench.running(), transactions.described(bench.stack)
    ask = asking.known(bench, ask)
    workers = present.replicas(running, *(worker.name for worker in present.workers(running)))
    slow, refusal = transactions.in_flight(running, task, ask)
    if refusal:
        return Measurement("not begun", _HOW, {"refusal": refusal})
    small = [transactions.submit(running, task, ask) for _ in range(_BEFORE)]
    before = _states(running)
    begun = running.now()
    for each in workers:
        running.kill(*each)
    small += [transactions.submit(running, task, ask) for _ in range(_AFTER)]
    back: list[Json] = [_back(running, before[each], begun) for each in workers]
    tasks = [_outcome(running, task, submitted, begun, ask) for submitted in ((slow, ""), *small)]
    running.pause(_STILL)
    tasks = [_counted_again(running, task, row, ask) for row in tasks]
    return Measurement(
        f"{sum(bool(row['done']) for row in tasks)} of {len(tasks)} tasks done, {running.now() - begun:.1f} s",
        _HOW,
        {
            "refusal": "",
            "counted": task.count_field,
            "workers": back,
            "tasks": [*tasks],
            "hidden": running.stack.celery.visibility_timeout if running.stack.celery else None,
            "limit": again_within(running.stack),
        },
    )


_HOW = (
    "SIGKILL to all processes of the workers while a long task runs and three small ones wait, two more submitted "
    "while no worker is there; then every task followed to its end"
)


def _states(running: Running) -> dict[tuple[str, int], ServiceState]:
    return {(state.name, state.replica): state for state in running.states()}


def _back(running: Running, before: ServiceState, begun: float) -> dict[str, Json]:
    """Running again with another main process, and healthy; seconds since the kill."""
    while running.now() - begun < _BACK_WITHIN:
        now = _states(running)[before.name, before.replica]
        if now.status == "running" and (now.pid, now.restarts) != (before.pid, before.restarts):
            running.wait_for(before.name, "healthy", _BACK_WITHIN)
            return {"service": before.name, "seconds": running.now() - begun, "restarts": now.restarts}
        running.pause(0.1)
    return {"service": before.name, "seconds": None, "restarts": before.restarts}


def _outcome(
    running: Running, task: TaskRequest, submitted: tuple[str, str], begun: float, ask: Ask
) -> dict[str, Json]:
    task_id, refusal = submitted
    if not task_id:
        return {"id": "", "refusal": refusal, "done": False, "state": "not accepted", "count": None, "seconds": 0.0}
    left = max(begun + again_within(running.stack) - running.now(), 0.0)
    followed = transactions.follow(running, task, task_id, {task.done_state}, left, ask)
    return {
        "id": task_id,
        "refusal": "",
        "done": followed.reached,
        "state": followed.seen.state,
        "count": followed.seen.count,
        "seconds": running.now() - begun,
    }


def _counted_again(running: Running, task: TaskRequest, row: dict[str, Json], ask: Ask) -> dict[str, Json]:
    return {**row, "count": transactions.look(running, task, str(row["id"]), ask).count} if row["done"] else row


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = measurement.observed
    if refusal := text(found, "refusal"):
        return refuted(refusal)
    limit = f"{number(found, 'limit'):.0f} s"
    if problems := list(_problems(found)):
        return held(problems, "", limit)
    tasks, once = rows_in(found, "tasks"), "exactly once" if found["counted"] else "in the end"
    back = ", ".join(f"{row['service']} after {number(row, 'seconds'):.1f} s" for row in rows_in(found, "workers"))
    return proved(
        f"the killed task was done {once}, {number(tasks[0], 'seconds'):.1f} s after the kill, and so were "
        f"{len(tasks) - 1} others around it (0 lost, 0 twice); back: {back}",
        limit,
    )


def _problems(found: Row) -> Iterator[str]:
    for row in rows_in(found, "workers"):
        if row["seconds"] is None:
            yield Late(f"{row['service']} did not come back within {_BACK_WITHIN:g} s after it was killed")
    tasks = rows_in(found, "tasks")
    if refused := [text(row, "refusal") for row in tasks if row["refusal"]]:
        yield f"{len(refused)} tasks were not accepted while no worker was there: {refused[0]}"
    if not tasks[0]["done"]:
        after = f"{tasks[0]['state']} after {number(found, 'limit'):.0f} s{_hidden(found)}"
        yield Late(f"the task of the killed worker was lost: {after}")
    if lost := [row for row in tasks[1:] if not row["done"] and not row["refusal"]]:
        yield Late(f"{len(lost)} of {len(tasks) - 1} tasks around the kill were lost (still {text(lost[0], 'state')})")
    if found["counted"] and (wrong := [row for row in tasks if row["done"] and whole(row, "count") != 1]):
        yield f"{len(wrong)} of {len(tasks)} tasks were done, but not once: {found['counted']} says {wrong[0]['count']}"


def _hidden(found: Row) -> str:
    hidden = number(found, "hidden")
    if hidden is None or hidden < (number(found, "limit") or 0.0):
        return ""
    return f"; its message stays hidden for {hidden:g} s (visibility_timeout)"


CLAIM = Claim(
    id="SP403-worker-killed",
    group="fault",
    says="A worker killed in mid-task comes back, and every task is done exactly once in the end.",
    measure=_measure,
    judge=_judge,
    applies=present.has_worker,
)
