"""The tasks that a job passes through: start, one task for each part, finish.

Messages are delivered at least once, effects happen exactly once: see `jobs`. What a task writes
before it says so is the same each time, so a task may be run again at any point.
"""

import json
import logging
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Protocol

from celery import Celery, bootsteps, chord, group
from celery.exceptions import Reject
from celery.signals import worker_init
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from src.app import analysis, jobs, prompts, sockets
from src.app.celery_app import celery
from src.app.results import Results
from src.app.settings import get_settings

TRANSCRIPT, RESULT = "transcript.txt", "result.json"

# A part that kills its worker each time must not be delivered for ever.
MAX_STARTS = 10
_LOOK_FOR_LOST_JOBS = 5.0  # seconds

_log = logging.getLogger(__name__)


@celery.task(name="src.app.tasks.start", ignore_result=True)
def start(job_id: str) -> None:
    _run(job_id, lambda: _start(job_id))


@celery.task(name="src.app.tasks.analyse_part")
def analyse_part(job_id: str, number: int) -> int:
    _run(job_id, lambda: _analyse_part(job_id, number))
    return number


@celery.task(name="src.app.tasks.finish", ignore_result=True)
def finish(job_id: str) -> None:
    _run(job_id, lambda: _finish(job_id))


def _start(job_id: str) -> None:
    for old in _results().remove_older_than(_jobs().ttl):
        _log.info("job %s: removed, its time is over", old)
    if _jobs().status(job_id) is None:
        _log.warning("job %s: dropped, nobody knows it", job_id)
        return
    every = list(analysis.parts(_results().read(job_id, TRANSCRIPT)))
    if not every:
        raise ValueError("the transcript holds no words")
    for part in every:
        _results().save(job_id, _part(part.number), part.model_dump_json())
    if not _jobs().begin(job_id, len(every)):
        _log.info("job %s: came to its end before", job_id)
        return
    _log.info("job %s: begun, %d parts", job_id, len(every))
    _tell(job_id)
    chord(group(analyse_part.si(job_id, part.number) for part in every))(finish.si(job_id))


def _analyse_part(job_id: str, number: int) -> None:
    if _jobs().part_is_done(job_id, number):
        return
    times = _jobs().begin_part(job_id, number)
    if not times:
        return
    if times > MAX_STARTS:
        raise RuntimeError(f"part {number} was begun {MAX_STARTS} times and never came to an end")
    part = analysis.Part.model_validate_json(_results().read(job_id, _part(number)))
    found = analysis.analyse(part, _prompts())
    _results().save(job_id, _findings(number), found.model_dump_json())
    _jobs().end_part(job_id, number)
    _tell(job_id)


def _finish(job_id: str) -> None:
    status = _jobs().status(job_id)
    if status is None or status["state"] != jobs.PROCESSING:
        return
    read = (_results().read(job_id, _findings(number)) for number in range(status["parts"]))
    found = [analysis.Findings.model_validate_json(text) for text in read]
    merged = {"id": job_id, "title": status["title"], **analysis.merge(found, _prompts())}
    _results().save(job_id, RESULT, json.dumps(merged, ensure_ascii=False, indent=2))
    if _jobs().finish(job_id):
        _log.info("job %s: done", job_id)
        _tell(job_id)


def _run(job_id: str, work: Callable[[], None]) -> None:
    """A failure is the job's end. If Redis is what failed, the message comes back instead."""
    try:
        _run_or_fail(job_id, work)
    except (RedisError, OperationalError) as error:
        _log.warning("job %s: given back: %s", job_id, type(error).__name__)
        raise Reject(type(error).__name__, requeue=True) from error


def _run_or_fail(job_id: str, work: Callable[[], None]) -> None:
    try:
        work()
    except (RedisError, OperationalError):
        raise
    except Exception as error:  # noqa: BLE001  whatever it was, people are told
        _log.exception("job %s: failed", job_id)
        if _jobs().fail(job_id, f"{type(error).__name__}: {error}"):
            _tell(job_id)


def resume_lost() -> None:
    """Whatever lost a job's messages: it is started again, and does only what is not done."""
    try:
        for job_id in _jobs().lost():
            _log.warning("job %s: no news for long, started again", job_id)
            start.apply_async((job_id,), retry=False)
    except (RedisError, OperationalError) as error:
        _log.warning("cannot look for lost jobs: %s", type(error).__name__)


class _Entry(Protocol):
    def cancel(self) -> None: ...


class _Timer(Protocol):
    def call_repeatedly(self, secs: float, fun: Callable[[], None]) -> _Entry: ...


class _Worker(Protocol):
    timer: _Timer


class LookForLostJobs(bootsteps.StartStopStep):
    """Part of the worker's main process."""

    requires = ("celery.worker.components:Timer",)

    def start(self, parent: _Worker) -> None:
        self.timer = parent.timer.call_repeatedly(_LOOK_FOR_LOST_JOBS, resume_lost)

    def stop(self, parent: _Worker) -> None:
        self.timer.cancel()


def _add_step(app: Celery) -> None:
    app.steps["worker"].add(LookForLostJobs)


_add_step(celery)


# Not by the first task: a worker without its prompts must not start.
@worker_init.connect
def _read_prompts(**_: object) -> None:
    _prompts()


def _part(number: int) -> str:
    return f"part-{number:04d}.json"


def _findings(number: int) -> str:
    return f"findings-{number:04d}.json"


def _tell(job_id: str) -> None:
    status = _jobs().status(job_id)
    if status is not None:
        sockets.announce(get_settings(), status)


@cache
def _jobs() -> jobs.Jobs:
    return jobs.connect(get_settings())


@cache
def _results() -> Results:
    return Results(Path(get_settings().output_dir))


@cache
def _prompts() -> analysis.Prompts:
    return prompts.load(get_settings().prompts_dir)
