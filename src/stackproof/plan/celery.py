"""The Celery application as a whole: which module, which queues, how it stops, what the proof must know of it."""

from fnmatch import fnmatchcase

from stackproof.model.facts import CeleryApp, CeleryOption, Queue, Task, TaskRoute
from stackproof.model.source import Place
from stackproof.model.stack import CeleryPlan
from stackproof.plan import knowledge
from stackproof.plan.given import Given

_TRUE = {"true", "1"}
_SOFT = "worker_soft_shutdown_timeout"


def application(given: Given) -> CeleryApp | None:
    """The one that the settings name, else a re-export (it is there for `celery -A`), else the first."""
    found = given.project.all(CeleryApp)
    said = given.settings.service("worker").app
    if said is not None:
        module, _, attribute = said.partition(":")
        place = given.settings.place("services.worker.app") or Place("stackproof.toml")
        known = next((app for app in found if app.module == module), None)
        return known or CeleryApp(module, attribute or "app", False, place)
    shims = [app for app in found if app.reexport]
    return next(iter((*shims, *found)), None)


def queues(given: Given) -> tuple[str, ...]:
    """Every queue that the worker must consume: declared, routed to, and the default where a task has no route."""
    if said := given.settings.service("worker").queues:
        return said
    names = [fact.name for fact in given.project.all(Queue)] + [fact.queue for fact in given.project.all(TaskRoute)]
    if not names or any(_queue_of(given, task.name) is None for task in given.project.all(Task)):
        names.append(_default_queue(given))
    return tuple(dict.fromkeys(names))


def plan(given: Given, app: CeleryApp, broker: str) -> CeleryPlan:
    return CeleryPlan(
        app.module,
        app.attribute,
        tuple(_routed(given)),
        acks_late=option(given, "task_acks_late", "false").lower() in _TRUE,
        soft_shutdown=soft_shutdown(given)[0],
        visibility_timeout=_number(option(given, "visibility_timeout", "3600")),
        broker=broker,
    )


def soft_shutdown(given: Given) -> tuple[float, Place | None]:
    """Seconds that tasks in flight get after SIGTERM, and where that is said; 0 where Celery has no such phase."""
    fact = _fact(given, _SOFT)
    if fact is None or quick_reload(given) or not knowledge.knows("celery", _SOFT, given.version("celery")):
        return 0.0, None
    return _number(fact.value), fact.seen


def quick_reload(given: Given) -> str | None:
    """The variable that switches the soft phase off in dev, where every change of a file would wait for it."""
    fact = _fact(given, _SOFT)
    return fact.variable if fact and given.dev else None


def option(given: Given, name: str, default: str) -> str:
    fact = _fact(given, name)
    return fact.value if fact else default


def _fact(given: Given, name: str) -> CeleryOption | None:
    return next((fact for fact in given.project.all(CeleryOption) if fact.name == name), None)


def _routed(given: Given) -> list[tuple[str, str]]:
    """For every queue the first task that goes there."""
    first: dict[str, str] = {}
    for task in given.project.all(Task):
        first.setdefault(_queue_of(given, task.name) or _default_queue(given), task.name)
    return [(queue, first[queue]) for queue in queues(given) if queue in first]


def _queue_of(given: Given, task: str) -> str | None:
    return next((route.queue for route in given.project.all(TaskRoute) if fnmatchcase(task, route.pattern)), None)


def _default_queue(given: Given) -> str:
    return option(given, "task_default_queue", "celery")


def _number(text: str) -> float:
    """The number that an option's text holds; 0 for an expression that only the running program can work out."""
    try:
        return float(text)
    except ValueError:
        return 0.0
