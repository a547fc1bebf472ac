"""The three tasks that a transcript passes through, each in a queue of its own.

Messages are delivered at least once, effects happen exactly once: see `store`. The work is
plain computation and SQLite calls, so the tasks are synchronous.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, NoReturn, TypeAlias

from celery import Signature, Task
from celery.exceptions import Reject
from kombu.exceptions import OperationalError
from sqlalchemy.orm import Session

from tubeatlas import database, graph, store, text
from tubeatlas.config.celery_app import app
from tubeatlas.config.settings import get_settings
from tubeatlas.models import Stage

# A text that kills its worker each time must not be delivered for ever.
MAX_STARTS = 10

_log = logging.getLogger(__name__)

AnyTask: TypeAlias = "Task[..., Any]"
Write = Callable[[Session, str, Stage, str], None]


@app.task(bind=True, name="tubeatlas.tasks.process_transcript", max_retries=3)
def process_transcript(task: AnyTask, transcript_id: str, due: float = 0) -> str:
    return _advance(task, transcript_id, due, Stage.CHUNKS, _make_chunks, build_knowledge_graph)


@app.task(bind=True, name="tubeatlas.tasks.build_knowledge_graph", max_retries=3)
def build_knowledge_graph(task: AnyTask, transcript_id: str, due: float = 0) -> str:
    return _advance(task, transcript_id, due, Stage.GRAPH, _make_graph, index_video)


@app.task(bind=True, name="tubeatlas.tasks.index_video", max_retries=3)
def index_video(task: AnyTask, transcript_id: str, due: float = 0) -> str:
    return _advance(task, transcript_id, due, Stage.INDEX, _make_index, None)


_NEXT: dict[Stage, AnyTask] = {
    Stage.CHUNKS: process_transcript,
    Stage.GRAPH: build_knowledge_graph,
    Stage.INDEX: index_video,
}


def send_again() -> int:
    """Messages for transcripts that show no sign of life; how many.

    Celery takes a message from Redis before it writes down that it has it: where Redis hangs or
    refuses to write just then, the message is gone. The database knows what is unfinished.
    What cannot be sent now is silent for as long once more, and then sent.
    """
    with _session() as session:
        silent = store.take_silent(session, 2 * get_settings().visibility_timeout_seconds)
    for transcript_id, stage in silent:
        _log.warning("transcript %s: %s is sent again, it was silent", transcript_id, stage)
        _NEXT[stage].apply_async((transcript_id,), retry=False)
    return len(silent)


def _make_chunks(transcript_id: str) -> bool:
    with _session() as session:
        raw = store.raw_text(session, transcript_id)
    chunks = list(text.chunks(text.clean(raw), get_settings().chunk_words))
    if not chunks:
        raise ValueError("the transcript holds no words")
    with _session() as session:
        return store.finish_chunks(session, transcript_id, chunks)


def _make_graph(transcript_id: str) -> bool:
    with _session() as session:
        cleaned = store.clean_text(session, transcript_id)
    built = graph.build(cleaned)
    with _session() as session:
        return store.finish_graph(session, transcript_id, built)


def _make_index(transcript_id: str) -> bool:
    with _session() as session:
        cleaned = store.clean_text(session, transcript_id)
    found = text.statistics(cleaned)
    with _session() as session:
        return store.finish_index(session, transcript_id, found)


def _advance(
    task: AnyTask,
    transcript_id: str,
    due: float,
    stage: Stage,
    work: Callable[[str], bool],
    then: AnyTask | None,
) -> str:
    if due > time.time():
        return _wait(task, transcript_id, due)
    try:
        begun = _begin(transcript_id, stage)
        if begun is store.Begin.WORK:
            _work(transcript_id, stage, work)
    except Exception as error:  # noqa: BLE001  whatever failed is tried again
        _again(task, transcript_id, stage, error)
    if begun in (store.Begin.UNKNOWN, store.Begin.FAILED):
        _log.warning("transcript %s: %s dropped, it is %s", transcript_id, stage, begun.name)
        return begun.name.lower()
    if then is not None:
        _publish(then.s(transcript_id))
    return "done"


def _begin(transcript_id: str, stage: Stage) -> store.Begin:
    with _session() as session:
        begun = store.begin(session, transcript_id, stage)
        if begun is store.Begin.WORK and store.starts(session, transcript_id) > MAX_STARTS:
            error = f"{stage} was begun {MAX_STARTS} times and never came to an end"
            store.give_up(session, transcript_id, stage, error)
            return store.Begin.FAILED
        return begun


def _work(transcript_id: str, stage: Stage, work: Callable[[str], bool]) -> None:
    _log.info("transcript %s: %s begun", transcript_id, stage)
    since = time.monotonic()
    first = work(transcript_id)
    outcome = "done" if first else "was done by another worker"
    _log.info(
        "transcript %s: %s %s after %.2f s", transcript_id, stage, outcome, time.monotonic() - since
    )


def _wait(task: AnyTask, transcript_id: str, due: float) -> str:
    """Comes back later, in steps: Redis hands a message held too long to a second worker."""
    again = task.signature_from_request(
        args=(transcript_id, due), countdown=_step(due), retries=task.request.retries
    )
    _publish(again)
    return "waiting"


def _again(task: AnyTask, transcript_id: str, stage: Stage, error: Exception) -> NoReturn:
    """Any failure is tried again, later each time; after the third retry it is final."""
    words = f"{type(error).__name__}: {error}"
    tries = task.request.retries
    last = tries >= (task.max_retries or 0)
    _log.warning("transcript %s: %s failed (retry %d): %s", transcript_id, stage, tries, words)
    if last and _wrote(store.give_up, transcript_id, stage, words):
        raise error
    delay = get_settings().task_retry_base_seconds * (min(tries, 2) + 1)
    _wrote(partial(store.note_error, next_in=delay), transcript_id, stage, words)
    due = time.time() + delay
    # A failure that could not be written down is not final: nobody would ever learn of it.
    retries = None if last else task.max_retries
    try:
        raise task.retry(
            args=(transcript_id, due), countdown=_step(due), exc=error, max_retries=retries
        )
    except Reject as unsent:
        raise _back_to_the_queue(unsent) from error


def _wrote(write: Write, transcript_id: str, stage: Stage, error: str) -> bool:
    try:
        with _session() as session:
            write(session, transcript_id, stage, error)
    except Exception:  # noqa: BLE001  the database is what failed; the caller goes on without
        return False
    return True


def _publish(message: Signature[Any]) -> None:
    try:
        message.apply_async()
    except OperationalError as unsent:
        raise _back_to_the_queue(unsent) from unsent


def _back_to_the_queue(unsent: Exception) -> Reject:
    """What could not be sent is not lost: this message comes back and sends it again."""
    return Reject(str(unsent), requeue=True)


def _step(due: float) -> float:
    return min(max(due - time.time(), 0), get_settings().visibility_timeout_seconds / 2)


def _session() -> AbstractContextManager[Session]:
    return database.sessions(get_settings().database_url).begin()
