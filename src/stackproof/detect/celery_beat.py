"""Celery's periodic tasks: beat_schedule, add_periodic_task, a scheduler that keeps them in a database."""

import ast
from collections.abc import Iterator

from stackproof.detect import celery, celery_conf, code, django_programs, start_lines, values
from stackproof.detect.celery_conf import Written
from stackproof.detect.code import Code
from stackproof.detect.modules import Module, dotted
from stackproof.model.facts import BeatEntry, Fact
from stackproof.model.source import SourceTree

_DATABASE = "django_celery_beat.schedulers:DatabaseScheduler"


def detect(tree: SourceTree) -> Iterator[Fact]:
    known = code.read(tree)
    for item in celery_conf.written(known):
        if item.name == "beat_schedule":
            yield from _scheduled(known, item)
        elif item.name == "beat_scheduler":
            name = values.string(known, item.module, item.value)
            yield BeatEntry(name or "scheduler", item.seen, name or "")
    if celery.applications(known).ready:
        yield from _database(tree, known)
        for module in known:
            yield from _added(known, module)


def _database(tree: SourceTree, known: Code) -> Iterator[Fact]:
    """A scheduler that a start line names, or django-celery-beat among the installed applications."""
    installed = (seen for name, seen in django_programs.installed(known) if name == "django_celery_beat")
    for name, seen in start_lines.schedulers(tree).items():
        full = _DATABASE if name == "django" else name
        yield BeatEntry(full, seen, full)
    yield from (BeatEntry(_DATABASE, seen, _DATABASE) for seen in installed)


def _scheduled(known: Code, item: Written) -> Iterator[Fact]:
    home, table = celery_conf.entries(known, item.module, item.value) or (None, None)
    if not home or not table:
        yield BeatEntry("schedule made while the program runs", item.seen)
        return
    for key, _, seen in celery_conf.pairs(home, table):
        yield BeatEntry(values.string(known, home, key) or "entry named while the program runs", seen)


def _added(known: Code, module: Module) -> Iterator[Fact]:
    """`sender.add_periodic_task(10.0, check.s(), name="check")`; without a name, what is called."""
    for call in module.nodes(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "add_periodic_task":
            stated = next((word.value for word in call.keywords if word.arg == "name"), None)
            yield BeatEntry(values.string(known, module, stated) or _signature(call), module.place(call))


def _signature(call: ast.Call) -> str:
    task = call.args[1] if len(call.args) > 1 else None
    name = dotted(task.func) if isinstance(task, ast.Call) else None
    return name.rpartition(".")[0] or name if name else "periodic task"
