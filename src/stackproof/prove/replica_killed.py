"""SP405: any one replica is killed, and nobody notices: requests are answered, tasks are done, it comes back."""

from collections.abc import Iterator

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service, Stack
from stackproof.prove import asking, entrance, meanwhile, present, transactions
from stackproof.prove.graceful_stop import again_within
from stackproof.prove.meanwhile import Meanwhile
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Late, Row, held, number, row_in, rows, text, unmeasured

_BACK_WITHIN = 120.0
_LIMIT = "0 failed"
# Seconds for the proxy to believe in a replica again after it was away: its fail_timeout, and asking for the address.
_BELIEVED = 10.0


def applies(stack: Stack) -> bool:
    return any(service.replicas > 1 and not service.profiles for service in _concerned(stack))


def _concerned(stack: Stack) -> Iterator[Service]:
    """Services behind the proxy, and workers."""
    behind = {name for name, _ in entrance.behind(stack.proxy)} if stack.proxy else set()
    return (service for service in stack.services if service.name in behind or service.role == "worker")


def _measure(bench: Bench, ask: Ask = entrance.patiently, beside: Meanwhile = meanwhile.asking) -> Measurement:
    running = bench.running()
    there = {service.name for service in present.services(running)}
    several = [one for one in _concerned(running.stack) if one.replicas > 1 and one.name in there]
    if not several:
        raise Unmeasurable("This runtime runs one process of each service.", fix="Prove the stack on docker.")
    each = [(service, replica) for service in several for replica in range(1, service.replicas + 1)]
    asked = [_web(running, one.name, replica, ask, beside) for one, replica in each if one.role != "worker"]
    known = asking.known(bench, ask)
    tasks = [_worker(running, one.name, replica, known) for one, replica in each if one.role == "worker"]
    return Measurement(
        f"{len(each)} replicas killed",
        "SIGKILL to each replica in turn, while GET goes through the proxy every 0.1 s until it is healthy again; with "
        "a worker's replica, a task submitted right after the kill",
        {"asked": list[Json](asked), "tasks": list[Json](tasks)},
    )


def _web(running: Running, service: str, replica: int, ask: Ask, beside: Meanwhile) -> dict[str, Json]:
    here = entrance.of(running)
    path = dict(entrance.behind(here.proxy))[service]
    with beside(lambda: ask("GET", f"{here.https}{path}")) as answers:
        running.kill(service, replica)
        back = running.wait_for(service, "healthy", _BACK_WITHIN)
        running.pause(_BELIEVED)
    failed = [answer for answer in answers if entrance.failed(answer)]
    return {
        "service": service, "replica": replica, "path": path, "sent": len(answers), "failed": len(failed),
        "words": f"{failed[0].status} {failed[0].problem}".rstrip() if failed else "",
        "slowest": max((answer.seconds for answer in answers), default=0.0), "back": back,
    }  # fmt: skip


def _worker(running: Running, service: str, replica: int, ask: Ask) -> dict[str, Json]:
    running.kill(service, replica)
    task = _task(running, ask) if running.stack.task else None
    return {
        "service": service, "replica": replica, "task": task,
        "back": running.wait_for(service, "healthy", _BACK_WITHIN),
    }  # fmt: skip


def _task(running: Running, ask: Ask) -> dict[str, Json]:
    task = transactions.described(running.stack)
    task_id, refusal = transactions.submit(running, task, ask)
    if not task_id:
        return {"refusal": refusal, "done": False, "state": "not accepted", "seconds": 0.0}
    limit = again_within(running.stack)
    followed = transactions.follow(running, task, task_id, {task.done_state}, limit, ask)
    return {"refusal": "", "done": followed.reached, "state": followed.seen.state, "seconds": followed.seconds}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    asked, tasks = rows(measurement, "asked"), rows(measurement, "tasks")
    away = [problem for row in (*asked, *tasks) if (problem := _away(row))]
    if problems := [*away, *(_refused(row) for row in asked if row["failed"]), *_lost(tasks)]:
        return held(problems, "", _LIMIT)
    if unasked := [_which(row) for row in asked if not row["sent"]]:
        return unmeasured(f"no request was answered while {', '.join(unasked)} was away", _LIMIT)
    if untold := [_which(row) for row in tasks if row["task"] is None]:
        return unmeasured(f"{', '.join(untold)}: nothing says how a task is submitted; see [prove.task]", _LIMIT)
    return held((), "; ".join([*(_said(row) for row in asked), *(_done(row) for row in tasks)]), _LIMIT)


def _away(row: Row) -> str:
    if row["back"] is not None:
        return ""
    return Late(f"{_which(row)} did not come back within {_BACK_WITHIN:g} s after it was killed")


def _refused(row: Row) -> str:
    return f"{_which(row)} was killed, and {row['failed']} of {row['sent']} requests failed ({row['words']})"


def _lost(tasks: tuple[Row, ...]) -> Iterator[str]:
    for row in tasks:
        if (task := row_in(row, "task")) is not None and not task["done"]:
            after = text(task, "refusal") or f"{task['state']} after {number(task, 'seconds'):.0f} s"
            yield f"{_which(row)} was killed, and a task submitted then was lost: {after}"


def _which(row: Row) -> str:
    return f"{row['service']} {row['replica']}"


def _said(row: Row) -> str:
    return f"{_which(row)} killed: {row['sent']} requests answered, the slowest in {number(row, 'slowest'):.1f} s"


def _done(row: Row) -> str:
    return f"{_which(row)} killed: a task was done {number(row_in(row, 'task') or {}, 'seconds'):.1f} s after it"


CLAIM = Claim(
    id="SP405-replica-killed",
    group="fault",
    says="Any one replica is killed, and nobody notices: requests are answered, tasks are done, it comes back.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)
