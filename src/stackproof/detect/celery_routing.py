"""Celery queues: the routes from task names to queues, and every queue that must have a consumer."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase

from stackproof.detect import celery, celery_conf, celery_tasks, code, start_lines, values
from stackproof.detect.celery_conf import Written
from stackproof.detect.code import Code
from stackproof.detect.modules import Module
from stackproof.model.facts import Ambiguity, Fact, Queue, TaskRoute
from stackproof.model.source import Place, SourceTree

_DEFAULT = "celery"  # Celery's own name for the queue of tasks without a route
_SENDING = ("apply_async", "send_task", "signature", "s", "set")


def detect(tree: SourceTree) -> Iterator[Fact]:
    known = code.read(tree)
    routed = [
        fact for item in celery_conf.written(known) if item.name == "task_routes" for fact in _routes(known, item)
    ]
    routes = [fact for fact in routed if isinstance(fact, TaskRoute)]
    yield from routed
    named = [
        *_declared(known),
        *(Queue(route.queue, route.seen) for route in routes),
        *_decorated(known),
        *_sent(known),
        *(Queue(name, seen) for name, seen in start_lines.queues(tree).items()),
    ]
    queues: dict[str, Queue] = {}
    for queue in (*named, *_default(known, routes)):
        queues.setdefault(queue.name, queue)
    yield from queues.values()


def _routes(known: Code, item: Written) -> Iterator[Fact]:
    """A dict, or a list of dicts and of (pattern, options) pairs; a router that is a function stays unknown."""
    found = list(_from(known, item.module, item.value))
    yield from found
    if not found:
        yield _unknown(item.seen, "the routes are made while the program runs")


def _from(known: Code, module: Module, node: ast.expr) -> Iterator[Fact]:
    home, table = celery_conf.entries(known, module, node) or (None, None)
    if home and table:
        for key, value, seen in celery_conf.pairs(home, table):
            yield _route(known, home, key, value, seen)
    elif isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            if isinstance(item, ast.Tuple) and len(item.elts) == 2:
                yield _route(known, module, item.elts[0], item.elts[1], module.place(item))
            else:
                yield from _from(known, module, item)


def _route(known: Code, module: Module, key: ast.expr, value: ast.expr, seen: Place) -> Fact:
    pattern = values.string(known, module, key)
    queue = _queue_name(known, module, value)
    if pattern and queue:
        return TaskRoute(pattern, queue, seen)
    return _unknown(seen, "a route's task or queue is made while the program runs")


def _queue_name(known: Code, module: Module, node: ast.expr) -> str | None:
    """ "name", {"queue": "name"}, dict(queue="name"), Queue("name")."""
    home, table = celery_conf.entries(known, module, node) or (None, None)
    if home and table:
        queues = (
            value for key, value, _ in celery_conf.pairs(home, table) if values.string(known, home, key) == "queue"
        )
        return next((name for value in queues if (name := _queue_name(known, home, value))), None)
    if isinstance(node, ast.Call):
        word = next((item.value for item in node.keywords if item.arg in ("queue", "name")), None)
        return values.string(known, module, word or (node.args[0] if node.args else None))
    return values.string(known, module, node)


def _declared(known: Code) -> Iterator[Queue]:
    """task_queues and task_default_queue."""
    for item in celery_conf.written(known):
        if item.name == "task_default_queue" and (name := values.string(known, item.module, item.value)):
            yield Queue(name, item.seen)
        if item.name == "task_queues":
            yield from _queues(known, item.module, item.value)


def _queues(known: Code, module: Module, node: ast.expr) -> Iterator[Queue]:
    home, rest = known.split(known.meaning(module, node) or "")
    if home and rest in home.names:
        yield from _queues(known, home, home.names[rest])
    elif isinstance(node, ast.Dict):
        for key, _, seen in celery_conf.pairs(module, node):
            if name := values.string(known, module, key):
                yield Queue(name, seen)
    for item in node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else ():
        if name := _queue_name(known, module, item):
            yield Queue(name, module.place(item))


def _decorated(known: Code) -> Iterator[Queue]:
    for task in celery_tasks.declared(known):
        for word in task.options:
            if word.arg == "queue" and (name := values.string(known, task.module, word.value)):
                yield Queue(name, task.module.place(word))


def _sent(known: Code) -> Iterator[Queue]:
    """`task.apply_async(queue="x")` and its like: a message to a queue that nobody reads is lost."""
    if not celery.applications(known).ready:
        return
    for module in known:
        for call in module.nodes(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr in _SENDING:
                for word in call.keywords:
                    if word.arg == "queue" and (name := values.string(known, module, word.value)):
                        yield Queue(name, module.place(word))


def _default(known: Code, routes: list[TaskRoute]) -> Iterator[Queue]:
    """Celery's own default queue, where a task has no route or no task is known."""
    made = celery.applications(known).ready
    renamed = any(item.name == "task_default_queue" for item in celery_conf.written(known))
    if not made or renamed:
        return
    tasks = celery_tasks.declared(known)
    loose = [task for task in tasks if not _has_queue(task) and not _matches(task.name, routes)]
    if loose or not tasks:
        yield Queue(_DEFAULT, loose[0].seen if loose else made[0].seen)


def _has_queue(task: celery_tasks.Declared) -> bool:
    return any(word.arg == "queue" for word in task.options)


def _matches(name: str, routes: list[TaskRoute]) -> bool:
    return any(fnmatchcase(name, route.pattern) for route in routes)


def _unknown(seen: Place, because: str) -> Ambiguity:
    return Ambiguity(
        "task routes", "the queues that could be read", (), because, "services.worker.queues = [...]", seen
    )
