"""What requests write ([[prove.shared]], and the result of a [prove.task]): made once, then read in many ways."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Json
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Shared, Stack, TaskRequest
from stackproof.prove import asking, transactions
from stackproof.prove.transactions import JSON, Ask

_DONE_WITHIN = 60.0
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What it is and where it is read; `refusal` is what was answered instead where it was not taken."""

    what: str
    service: str
    path: str = ""
    headers: Pairs = ()
    refusal: str = ""


def can(stack: Stack) -> bool:
    """Whether anything says how something is written."""
    return stack.task is not None or bool(stack.shared)


def everything(bench: Bench, running: Running, ask: Ask) -> tuple[Written, ...]:
    """Each of them once. Raises Unmeasurable for a service that does not run here."""
    task = running.stack.task
    tasks = [_task(running, task, asking.known(bench, ask))] if task else []
    return (*tasks, *(shared(bench, running, each, ask) for each in running.stack.shared))


def _task(running: Running, task: TaskRequest, ask: Ask) -> Written:
    """Done before anybody reads it: until then it says something else each time."""
    _there(running, "[prove.task]", task.service)
    task_id, refusal = transactions.submit(running, task, ask)
    if not refusal and not transactions.follow(running, task, task_id, {task.done_state}, _DONE_WITHIN, ask).reached:
        refusal = f"the task was not {task.done_state} within {_DONE_WITHIN:g} s"
    return Written("the result of a task", task.service, task.result_path.replace("{id}", task_id), (), refusal)


def shared(bench: Bench, running: Running, one: Shared, ask: Ask) -> Written:
    """Raises Unmeasurable for a service that does not run here."""
    _there(running, "[[prove.shared]]", one.service)
    url, what = running.address(one.service) + one.path, f"what {one.method} {one.path} wrote"
    answer = asking.known(bench, ask, one.headers)(one.method, url, body=one.body.encode(), headers=JSON)
    name = _name(answer.body, one.id_field)
    if 200 <= answer.status < 300 and name is not None:
        return Written(what, one.service, one.read.replace("{id}", name), one.headers)
    words = answer.problem or answer.body.decode("utf-8", "replace")[:200]
    refusal = f"{one.method} {one.path} was answered {answer.status}: {words}"
    return Written(what, one.service, refusal=refusal)


def _there(running: Running, setting: str, service: str) -> None:
    if not running.stack.has(service):
        known = ", ".join(each.name for each in running.stack.services)
        raise Unmeasurable(
            f"{setting} names the service {service}, which does not run here.", fix=f"These do: {known}."
        )


def _name(body: bytes, field: str | None) -> str | None:
    """ "" where nothing names it: it is read at one place for all."""
    if field is None:
        return ""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return str(found[field]) if isinstance(found, dict) and field in found else None


def reads(bench: Bench, running: Running, made: Written, times: int, ask: Ask) -> Iterator[dict[str, Json]]:
    """So many through the entrance, and so many of each replica by itself; each over a fresh connection."""
    service, own = running.stack.service(made.service), asking.headers(bench, made.headers)
    url = running.address(made.service) + made.path
    yield _read("the entrance", [asking.row(ask("GET", url, headers=own or None)) for _ in range(times)])
    for number in asking.replicas(running, made.service):
        direct = asking.replica(running, service, number, made.path, own, times, ask)
        yield _read(f"replica {number}", [dict(row) for row in direct.answers])


def _read(way: str, answers: list[dict[str, Json]]) -> dict[str, Json]:
    bodies = sorted({str(each["body"]) for each in answers if each["status"] == 200})
    others = sorted({f"{each['status']} {each['problem']}".strip() for each in answers if each["status"] != 200})
    good = sum(each["status"] == 200 for each in answers)
    return {"way": way, "times": len(answers), "good": good, "bodies": [*bodies], "others": [*others]}
