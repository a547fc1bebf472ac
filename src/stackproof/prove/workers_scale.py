"""SP419: tasks spread over one, two and four workers, and each is done once."""

import re
from collections.abc import Iterator

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service, Stack, TaskRequest
from stackproof.prove import asking, entrance, present, transactions
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Late, Row, held, number, rows, text, whole

_LEVELS = (1, 2, 4)
_TASKS = 16
_HEALTHY_WITHIN = _DONE_WITHIN = 120.0
_LIMIT = f"{_TASKS} tasks each within {_DONE_WITHIN:g} s, each done once, none of the workers without one"
_TAKEN = re.compile(r"Task \S+\[[0-9a-f-]{36}\] received")  # celery/worker/strategy.py, at --loglevel=info


def applies(stack: Stack) -> bool:
    return any(_several(service) for service in stack.services)


def _several(service: Service) -> bool:
    """Who is planned once writes to files that it has alone, or was told to be one."""
    return service.role == "worker" and service.replicas > 1 and not service.profiles


def _measure(bench: Bench, ask: Ask = entrance.patiently) -> Measurement:
    running = bench.running()
    task, known = transactions.described(running.stack), asking.known(bench, ask)
    found = [each for each in present.workers(running) if _several(each)]
    if not found:
        raise Unmeasurable("No worker of which there may be several runs here.", fix="Prove the stack on docker.")
    seen: list[Json] = [row for each in found for row in _levels(running, task, each.name, known)]
    return Measurement(
        f"{len(seen)} times {_TASKS} tasks",
        f"{_TASKS} tasks submitted one after the other to {', '.join(map(str, _LEVELS))} containers of each worker, "
        "and followed to their end; who took one says so in its log",
        {"rows": seen, "counted": task.count_field},
    )


def _levels(running: Running, task: TaskRequest, service: str, ask: Ask) -> Iterator[dict[str, Json]]:
    with running.scaled(service) as scale:
        for replicas in _LEVELS:
            refused = scale(replicas)
            healthy = not refused and running.wait_for(service, "healthy", _HEALTHY_WITHIN) is not None
            found = _work(running, task, service, ask) if healthy else {}
            yield {"service": service, "replicas": replicas, "refused": refused, "healthy": healthy, **found}
            if not healthy:
                return  # more of them will not be either


def _work(running: Running, task: TaskRequest, service: str, ask: Ask) -> dict[str, Json]:
    before, begun = _taken(running, service), running.now()
    submitted = [transactions.submit(running, task, ask) for _ in range(_TASKS)]
    accepted = [task_id for task_id, _ in submitted if task_id]
    sent = running.now() - begun
    ends = [_end(running, task, each, begun, ask) for each in accepted]
    done = [each for each in ends if each[0] == task.done_state]
    seconds = running.now() - begun
    after = _taken(running, service)
    return {
        "accepted": len(accepted), "refusal": next((said for task_id, said in submitted if not task_id), ""),
        "done": len(done), "left": next((state for state, _ in ends if state != task.done_state), ""),
        "not_once": sum(count != 1 for _, count in done) if task.count_field else 0,
        "seconds": seconds, "sent": sent,
        "taken": [after[number] - before.get(number, 0) for number in sorted(after)],
    }  # fmt: skip


def _end(running: Running, task: TaskRequest, task_id: str, begun: float, ask: Ask) -> tuple[str, int | None]:
    left = max(begun + _DONE_WITHIN - running.now(), 0.0)
    seen = transactions.follow(running, task, task_id, {task.done_state}, left, ask).seen
    return seen.state, seen.count


def _taken(running: Running, service: str) -> dict[int, int]:
    """Messages that each container of it says it received."""
    return {
        number: len(_TAKEN.findall(running.logs(name, number))) for name, number in present.replicas(running, service)
    }


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    seen = rows(measurement, "rows")
    problems = [problem for row in seen for problem in _problems(row)]
    once = "each done once" if measurement.observed["counted"] else "all done"
    return held(problems, f"{'; '.join(_said(row) for row in seen if row['healthy'])}; {once}", _LIMIT)


def _problems(row: Row) -> Iterator[str]:
    who = f"{text(row, 'service')} in {row['replicas']}"
    if row["refused"]:
        yield f"{who} cannot be: {text(row, 'refused')}"
        return
    if not row["healthy"]:
        yield Late(f"{who} was not healthy within {_HEALTHY_WITHIN:g} s")
        return
    if row["accepted"] != _TASKS:
        yield f"{who}: {_TASKS - (whole(row, 'accepted') or 0)} of {_TASKS} tasks were not accepted: {row['refusal']}"
    if row["done"] != row["accepted"]:
        missing = (whole(row, "accepted") or 0) - (whole(row, "done") or 0)
        yield Late(f"{who}: {missing} tasks were not done after {_DONE_WITHIN:g} s but {row['left']}")
    if row["not_once"]:
        yield f"{who}: {row['not_once']} of {row['done']} tasks were done, but not once"
    if idle := [each for each in _shares(row) if not each]:
        yield f"{who}: {len(idle)} of {row['replicas']} took none of {row['accepted']} tasks"


def _shares(row: Row) -> tuple[int, ...]:
    taken = row["taken"]
    return tuple(int(str(each)) for each in taken) if isinstance(taken, list) else ()


def _said(row: Row) -> str:
    seconds = number(row, "seconds") or 1.0
    shares, rate = " + ".join(map(str, _shares(row))), (whole(row, "done") or 0) / seconds
    return f"{text(row, 'service')} in {row['replicas']}: {rate:.1f} tasks/s ({shares} taken)"


CLAIM = Claim(
    id="SP419-workers-scale",
    group="fault",
    says="Tasks spread over one, two and four workers, and each is done once.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)
