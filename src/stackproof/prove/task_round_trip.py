"""SP307: a task submitted through the application is done by a worker, once, and its result can be seen."""

from stackproof.model.proof import Claim, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import asking, present, transactions
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Late, number, proved, refuted, text, whole
from stackproof.tools.http import request


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running, task = bench.running(), transactions.described(bench.stack)
    ask = asking.known(bench, ask)
    begun = running.now()
    task_id, refusal = transactions.submit(running, task, ask)
    how = f"{task.method} {task.path}, then GET {task.result_path} until `{task.state_field}` is `{task.done_state}`"
    if not task_id:
        return Measurement("not accepted", how, {"refusal": refusal})
    followed = transactions.follow(running, task, task_id, {task.done_state}, bench.stack.bounds.task_seconds, ask)
    seconds = running.now() - begun
    return Measurement(
        f"{seconds:.2f} s",
        how,
        {
            "refusal": "",
            "id": task_id,
            "state": followed.seen.state,
            "wanted": task.done_state,
            "reached": followed.reached,
            "counted": task.count_field,
            "count": followed.seen.count,
            "seconds": seconds,
        },
    )


def _judge(measurement: Measurement, bounds: Bounds) -> Judgement:
    found, limit = measurement.observed, f"{bounds.task_seconds:g} s"
    if refusal := text(found, "refusal"):
        return refuted(refusal, limit)
    if not found["reached"]:
        still = f"after {number(found, 'seconds'):.0f} s the task is still {text(found, 'state')}"
        return refuted(Late(still), limit)
    if found["counted"] and whole(found, "count") != 1:
        return refuted(f"the task is {found['state']}, and {found['counted']} says {found['count']}, not 1", limit)
    return proved(f"the task was {found['wanted']} {number(found, 'seconds'):.2f} s after it was submitted", limit)


CLAIM = Claim(
    id="SP307-task-round-trip",
    group="running",
    says="A task submitted through the application is done once, and its result comes back.",
    measure=_measure,
    judge=_judge,
    applies=present.has_worker,
)
