"""What the application has said it has: written around a fault, and looked for after it."""

from collections.abc import Iterator
from dataclasses import dataclass

from stackproof.model.running import Bench, Running
from stackproof.model.stack import TaskRequest
from stackproof.prove import asking, transactions, written
from stackproof.prove.transactions import Ask
from stackproof.prove.written import Written


@dataclass(frozen=True, slots=True)
class Task:
    """Accepted under this id."""

    id: str


Kept = Task | Written


def write(bench: Bench, running: Running, ask: Ask, times: int) -> tuple[Kept, ...]:
    """A task, and what else the settings say can be written, so many times; only what was accepted."""
    return tuple(_written(bench, running, ask, times))


def _written(bench: Bench, running: Running, ask: Ask, times: int) -> Iterator[Kept]:
    for _ in range(times):
        if running.stack.task:
            task_id, refusal = transactions.submit(running, running.stack.task, asking.known(bench, ask))
            if not refusal:
                yield Task(task_id)
        for shared in running.stack.shared:
            made = written.shared(bench, running, shared, ask)
            if not made.refusal:
                yield made


def lost(bench: Bench, running: Running, kept: tuple[Kept, ...], until: float, ask: Ask) -> tuple[str, ...]:
    """In words: tasks that are not done by then, and rows that cannot be read."""
    return tuple(word for each in kept if (word := _missing(bench, running, each, until, ask)))


def _missing(bench: Bench, running: Running, kept: Kept, until: float, ask: Ask) -> str:
    if isinstance(kept, Task):
        return _undone(running, transactions.described(running.stack), kept, until, asking.known(bench, ask))
    answer = asking.known(bench, ask, kept.headers)("GET", running.address(kept.service) + kept.path)
    if answer.status == 200:
        return ""
    return f"{kept.what}: GET {kept.path} is answered {answer.status} {answer.problem}".rstrip()


def _undone(running: Running, task: TaskRequest, kept: Task, until: float, ask: Ask) -> str:
    left = max(until - running.now(), 0.0)
    followed = transactions.follow(running, task, kept.id, {task.done_state}, left, ask)
    return "" if followed.reached else f"task {kept.id} is still {followed.seen.state}"
