"""Celery's settings that decide about loss and time, with the value and the variable that can change it."""

import ast
from collections.abc import Iterator

from stackproof.detect import celery_conf, code, values
from stackproof.detect.celery_conf import Written
from stackproof.detect.code import Code
from stackproof.model.facts import Ambiguity, CeleryOption, Fact
from stackproof.model.source import SourceTree

_OPTIONS = frozenset({
    "task_acks_late", "task_acks_on_failure_or_timeout", "task_reject_on_worker_lost", "task_time_limit",
    "task_soft_time_limit", "task_always_eager", "worker_soft_shutdown_timeout", "worker_enable_soft_shutdown_on_idle",
    "worker_prefetch_multiplier", "worker_concurrency", "worker_pool", "worker_max_tasks_per_child",
    "worker_max_memory_per_child", "worker_send_task_events", "worker_cancel_long_running_tasks_on_connection_loss",
    "visibility_timeout", "broker_connection_retry_on_startup", "result_expires", "task_default_queue",
})  # fmt: skip


def detect(tree: SourceTree) -> Iterator[Fact]:
    known = code.read(tree)
    for item in celery_conf.written(known):
        for option in _spread(known, item):
            if option.name in _OPTIONS:
                yield _option(known, option)


def _spread(known: Code, item: Written) -> Iterator[Written]:
    """broker_transport_options holds options of its own; only the visibility timeout matters here."""
    if item.name != "broker_transport_options":
        yield item
    elif found := celery_conf.entries(known, item.module, item.value):
        home, table = found
        for key, value, seen in celery_conf.pairs(home, table):
            yield Written(values.string(known, home, key) or "", value, home, seen)
    elif isinstance(item.value, ast.Call):
        for word in item.value.keywords:
            yield Written(word.arg or "", word.value, item.module, item.module.place(word))


def _option(known: Code, item: Written) -> Fact:
    found = values.read(known, item.module, item.value)
    if found and (found.text is not None or found.variable):
        return CeleryOption(item.name, found.text or "", found.variable, item.seen)
    return Ambiguity(
        about=f"Celery option {item.name}",
        chosen="unknown",
        candidates=(),
        because="its value is made while the program runs",
        setting="none; write a constant, or a setting with a default, in the source",
        seen=item.seen,
    )
