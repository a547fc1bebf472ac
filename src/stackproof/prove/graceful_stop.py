"""SP402: SIGTERM in mid-work loses nothing: the request is answered, the task is done exactly once, in time."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from stackproof.errors import ToolFailed
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running, Stopped
from stackproof.model.stack import Bounds, Stack, TaskRequest
from stackproof.prove import asking, from_inside, present, transactions
from stackproof.prove.inside.half_request import BEGUN
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Late, Row, held, number, row_in, rows_in, text, whole
from stackproof.tools.http import request

_LISTENS = 5.0  # seconds after which the rest is sent to a server that has not stopped listening
_PATIENCE = 20.0  # seconds for the answer
_FIX = "Look at the service's log with `stackproof logs`."
_READY_WITHIN = 120.0
_HIDDEN_AT_MOST = 60.0
_SLACK = 3.0  # seconds that the runtime itself may take to see that a service is gone

Replica = tuple[str, int]


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running, task = bench.running(), transactions.described(bench.stack)
    transactions.slow_body(task)  # before anything is touched: without a recipe there is nothing to measure
    ask = asking.known(bench, ask)
    workers = present.replicas(running, *(worker.name for worker in present.workers(running)))
    in_flight = _request(running, task, asking.headers(bench))
    transactions.reached(running, task, ask)
    task_seen = _task(running, task, workers, ask)
    stopped = number(in_flight, "seconds") or 0.0
    return Measurement(
        f"request: gone after {stopped:.1f} s; task: {task_seen['state']}",
        "half of a request sent beside the service, SIGTERM, and the rest sent once it has stopped listening; and "
        "SIGTERM to the workers while a long task runs (then they are started again)",
        {"request": in_flight, "task": task_seen},
    )


def _request(running: Running, task: TaskRequest, own: Mapping[str, str]) -> dict[str, Json]:
    """To the service itself: a proxy in front would keep the half until it has the rest."""
    service = running.stack.service(task.service)
    stopping: list[Future[Stopped]] = []
    with ThreadPoolExecutor(1) as aside:

        def heard(line: str) -> None:
            if line == BEGUN:
                stopping.append(aside.submit(running.stop, service.name))

        try:
            answer, _ = from_inside.beside(
                running, service.name, service.port or 0, "half_request", task.method, task.path, dict(own), task.body,
                min(_LISTENS, service.grace / 3), _PATIENCE, timeout=2 * _PATIENCE, line=heard,
            )  # fmt: skip
            if not stopping:
                raise ToolFailed(f"No request could be begun with {service.name}: {answer['said']}", fix=_FIX)
            stopped = stopping[0].result()
        finally:
            wait(stopping)
            _start(running, ((service.name, 1),))
    return {"status": answer["status"], "said": answer["said"], **_end(running.stack, service.name, stopped)}


def _task(running: Running, task: TaskRequest, workers: tuple[Replica, ...], ask: Ask) -> dict[str, Json]:
    task_id, refusal = transactions.in_flight(running, task, ask)
    if not task_id:
        return {"state": "not begun", "refusal": refusal, "workers": []}
    begun = running.now()
    ends = _stop_all(running, workers)
    after = transactions.look(running, task, task_id, ask)
    _start(running, workers)
    done = transactions.follow(running, task, task_id, {task.done_state}, again_within(running.stack), ask)
    return {
        "refusal": "",
        "id": task_id,
        "after_stop": after.state,
        "state": done.seen.state,
        "done": done.reached,
        "counted": task.count_field,
        "count": done.seen.count,
        "seconds": running.now() - begun,
        "limit": again_within(running.stack),
        "workers": ends,
    }


def _stop_all(running: Running, replicas: tuple[Replica, ...]) -> list[Json]:
    """All at the same time, so that none takes over another one's task; started again where stopping failed."""
    try:
        with ThreadPoolExecutor(len(replicas)) as beside:
            stopped = list(beside.map(lambda each: running.stop(*each), replicas))
    except BaseException:
        _start(running, replicas)
        raise
    return [_end(running.stack, name, end) for (name, _), end in zip(replicas, stopped, strict=True)]


def _start(running: Running, replicas: tuple[Replica, ...]) -> None:
    for name, replica in replicas:
        running.start(name, replica)
    for name in dict.fromkeys(name for name, _ in replicas):
        running.wait_for(name, "healthy", _READY_WITHIN)


def _end(stack: Stack, name: str, stopped: Stopped) -> dict[str, Json]:
    return {
        "service": name,
        "seconds": stopped.seconds,
        "exit_code": stopped.exit_code,
        "killed": stopped.killed,
        "grace": stack.service(name).grace,
    }


def again_within(stack: Stack) -> float:
    """Seconds in which a task that lost its worker must be done: its message is hidden for a while, then it runs."""
    hidden = stack.celery.visibility_timeout if stack.celery else 0.0
    return min(hidden, _HIDDEN_AT_MOST) + stack.bounds.task_seconds


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    in_flight, task = row_in(measurement.observed, "request") or {}, row_in(measurement.observed, "task") or {}
    if problems := [*_request_problems(in_flight), *_task_problems(task)]:
        return held(problems, "")
    graces = dict.fromkeys(
        f"{end['service']} {number(end, 'grace'):g} s" for end in (in_flight, *rows_in(task, "workers"))
    )
    return held((), f"{_request_said(in_flight)}; {_task_said(task)}", f"grace: {', '.join(graces)}")


def _request_problems(row: Row) -> Iterator[str]:
    if not 200 <= (whole(row, "status") or 0) < 300:
        yield f"the request in flight was answered {row['status']} ({row['said']}) when {row['service']} got SIGTERM"
    yield from _end_problems(row)


def _end_problems(row: Row) -> Iterator[str]:
    seconds, grace = number(row, "seconds") or 0.0, number(row, "grace") or 0.0
    if row["killed"]:
        yield Late(f"{row['service']} did not end within its grace of {grace:g} s after SIGTERM and was killed")
    elif seconds > grace + _SLACK:
        yield Late(f"{row['service']} ended {seconds:.1f} s after SIGTERM, later than its grace of {grace:g} s")


def _task_problems(row: Row) -> Iterator[str]:
    if refusal := text(row, "refusal"):
        yield refusal
        return
    for end in rows_in(row, "workers"):
        yield from _end_problems(end)
    if not row["done"]:
        yield Late(
            f"the task in flight was lost: {row['state']} {number(row, 'seconds'):.0f} s after SIGTERM to "
            f"{', '.join(dict.fromkeys(text(end, 'service') for end in rows_in(row, 'workers')))}"
        )
    elif row["counted"] and whole(row, "count") != 1:
        yield f"the task in flight was done {row['count']} times ({row['counted']}), not once"


def _request_said(row: Row) -> str:
    gone = f"{row['service']} was gone {number(row, 'seconds'):.1f} s after SIGTERM"
    return f"the request in flight was answered {row['status']}, {gone}"


def _task_said(row: Row) -> str:
    once = "exactly once" if row["counted"] else "in the end"
    then = f"done {once}, {number(row, 'seconds'):.1f} s after SIGTERM"
    return f"the task in flight was {row['after_stop']} when its worker was gone, and {then}"


CLAIM = Claim(
    id="SP402-graceful-stop",
    group="fault",
    says="After SIGTERM a request in flight is answered and a task in flight is done exactly once, within the grace.",
    measure=_measure,
    judge=_judge,
    applies=present.has_worker,
)
