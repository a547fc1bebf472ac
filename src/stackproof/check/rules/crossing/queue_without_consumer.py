"""SR305: tasks are routed to a queue from which no Celery worker of the stack takes."""

from collections.abc import Iterator

from stackproof.check.own_code import celery_workers
from stackproof.check.servers import Server, option
from stackproof.model.facts import CeleryOption, Queue, TaskRoute
from stackproof.model.findings import Inspected, Rule, Sighting

_USUAL = "celery"  # the queue of tasks without a route


def _check(inspected: Inspected) -> Iterator[Sighting]:
    routes = inspected.project.all(TaskRoute)
    declared = _declared(inspected)
    for composition in inspected.compositions:
        workers = celery_workers(composition, inspected)
        taken = [_queues(worker, declared) for _, worker in workers]
        if not workers or None in taken:
            continue
        consumed = frozenset().union(*(each for each in taken if each))
        for route in {each.queue: each for each in routes if each.queue not in consumed}.values():
            service = workers[0][0]
            yield Sighting(
                service.at("command"),
                f"tasks {route.pattern} go to the queue {route.queue} ({route.seen}), and no worker takes from it",
            )


def _declared(inspected: Inspected) -> set[str]:
    """What a worker without -Q takes from: the usual queue, and those that the code declares, not only routes to."""
    routed = {each.seen for each in inspected.project.all(TaskRoute)}
    usual = {each.value for each in inspected.project.all(CeleryOption) if each.name == "task_default_queue"}
    return {each.name for each in inspected.project.all(Queue) if each.seen not in routed} | (usual or {_USUAL})


def _queues(worker: Server, declared: set[str]) -> frozenset[str] | None:
    """Without -Q a worker takes from the declared ones; None where a variable says it."""
    said = option(worker.options, ("-Q", "--queues"))
    if said is None:
        return frozenset(declared)
    return None if "$" in said else frozenset(said.split(","))


RULE = Rule(
    "SR305-queue-without-consumer",
    says="Every queue that tasks are routed to has a worker that takes from it.",
    fix="Name the queue in a worker's --queues: its tasks wait for ever otherwise.",
    severity="error",
    profile="recommended",
    check=_check,
)
