"""A task as a user of the application submits it and sees its result, over HTTP."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NoReturn, Protocol, cast

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Json
from stackproof.model.running import Running
from stackproof.model.stack import Stack, TaskRequest
from stackproof.tools.http import Answer

_PAUSE = 0.1
_BUSY_WITHIN = 60.0
_BACK_WITHIN = 60.0
_NOBODY = (0, 502, 503, 504)  # nobody answered, or a proxy said so
_LONGER = (1, 2, 4)  # times the stated length
INTO = 1.0  # seconds into a long task before anything is done to it: its first steps may be short ones
JSON = {"Content-Type": "application/json"}


class Ask(Protocol):
    """`tools.http.request`, or what stands in for it."""

    def __call__(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What the application says about a task; `count` None where it does not say or no field is named for it."""

    state: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """The last thing seen, after how many seconds, and whether it was one of the states that were waited for."""

    seen: Seen
    seconds: float
    reached: bool


def described(stack: Stack) -> TaskRequest:
    """Raises Unmeasurable where the settings do not say how a task is submitted."""
    if stack.task is not None:
        return stack.task
    raise Unmeasurable(
        "Nothing says how a task is submitted and where its result can be seen.",
        fix="Describe one under [prove.task] in stackproof.toml.",
    )


def slow_body(task: TaskRequest, times: int = 1) -> str:
    """The body of a task that is long enough to break something meanwhile. Raises Unmeasurable without a recipe."""
    if task.slow_field is None:
        raise Unmeasurable(
            "Nothing says how a task is made long enough to break something while it runs.",
            fix="Name a text field as `slow_field` under [prove.task] in stackproof.toml, and its `slow_repeat`.",
        )
    body = json.loads(task.body)
    return json.dumps({**body, task.slow_field: str(body[task.slow_field]) * task.slow_repeat * times})


def submit(running: Running, task: TaskRequest, ask: Ask, body: str | None = None) -> tuple[str, str]:
    """The new task's id, or "" and what was answered instead."""
    url = running.address(task.service) + task.path
    answer = ask(task.method, url, body=(body or task.body).encode(), headers=JSON)
    found = _fields(answer).get(task.id_field)
    if 200 <= answer.status < 300 and found is not None:
        return str(found), ""
    said = answer.problem or answer.body.decode("utf-8", "replace")[:200]
    return "", f"{task.method} {task.path} was answered {answer.status}: {said}"


def in_flight(running: Running, task: TaskRequest, ask: Ask) -> tuple[str, str]:
    """A long task that has been running for `INTO` seconds: its id, or "" and what went wrong.

    On a quick machine a longer one is tried, twice. Raises Unmeasurable where all were done too soon.
    """
    for times in _LONGER:
        task_id, refusal = submit(running, task, ask, slow_body(task, times))
        if not task_id:
            return ("", refusal) if times == 1 else _too_short()
        busy = follow(running, task, task_id, {task.busy_state, task.done_state}, _BUSY_WITHIN, ask)
        if not busy.reached:
            return "", f"the long task was not {task.busy_state} within {_BUSY_WITHIN:g} s but {busy.seen.state}"
        running.pause(INTO)
        if look(running, task, task_id, ask).state != task.done_state:
            return task_id, ""
    return _too_short()


def _too_short() -> NoReturn:
    raise Unmeasurable(
        "The long task was done before anything could be broken.",
        fix="Give a larger `slow_repeat` under [prove.task] in stackproof.toml.",
    )


def reached(running: Running, task: TaskRequest, ask: Ask) -> bool:
    """Whether the service answers again after it was away: whoever stands in front of it needs a moment to see it."""
    begun = running.now()
    while ask("GET", running.address(task.service) + task.path).status in _NOBODY:
        if running.now() - begun >= _BACK_WITHIN:
            return False
        running.pause(_PAUSE)
    return True


def look(running: Running, task: TaskRequest, task_id: str, ask: Ask) -> Seen:
    """A state of "" says that the application gave none; the status is then in brackets."""
    answer = ask("GET", running.address(task.service) + task.result_path.replace("{id}", task_id))
    fields = _fields(answer)
    if task.state_field not in fields:
        return Seen(f"(answered {answer.status}{' ' + answer.problem if answer.problem else ''})")
    count = fields.get(task.count_field) if task.count_field else None
    return Seen(str(fields[task.state_field]), int(count) if isinstance(count, int | float) else None)


def follow(
    running: Running, task: TaskRequest, task_id: str, states: Collection[str], within: float, ask: Ask
) -> Followed:
    """Look until the task is in one of the states, for at most `within` seconds."""
    begun = running.now()
    while True:
        seen = look(running, task, task_id, ask)
        elapsed = running.now() - begun
        if seen.state in states or elapsed >= within:
            return Followed(seen, elapsed, seen.state in states)
        running.pause(_PAUSE)


def _fields(answer: Answer) -> Mapping[str, Json]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return cast(Mapping[str, Json], found) if isinstance(found, dict) else {}
