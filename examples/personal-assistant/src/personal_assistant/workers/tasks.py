"""The tasks: a message is answered, then remembered; and what the schedule calls for.

Messages are delivered at least once, effects happen exactly once: see `database.messages`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn, TypeAlias

from celery import Task
from celery.exceptions import Ignore, Reject, Retry
from kombu.exceptions import OperationalError
from opentelemetry.trace import SpanKind
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from personal_assistant.auth import tokens
from personal_assistant.config import logs, metrics, tracing
from personal_assistant.config.settings import get_service_settings, get_settings
from personal_assistant.core import client as agent
from personal_assistant.database import messages
from personal_assistant.database.models import Event, Reminder, Stage, User, now
from personal_assistant.database.session import transaction
from personal_assistant.memory import recall
from personal_assistant.memory.extract import extract
from personal_assistant.workers.celery_app import app

# A text that kills its worker each time must not be delivered for ever.
MAX_STARTS = 10
_MAX_RETRIES = 8
# Of the time limit; the work grows with the square, so this suits limits below half a minute.
_SENTENCES_PER_SECOND = 250
# After so many visibility timeouts without a sign of life, a message is sent once more.
_STALLED_TIMES = 4

_log = logging.getLogger(__name__)

AnyTask: TypeAlias = "Task[..., Any]"
Context = Mapping[str, str]


@app.task(
    bind=True,
    name="personal_assistant.workers.tasks.answer_message",
    max_retries=_MAX_RETRIES,
    ignore_result=True,
)
def answer_message(task: AnyTask, message_id: str, context: Context | None = None) -> str:
    return _advance(task, message_id, context or {}, Stage.ANSWER, _answer)


@app.task(
    bind=True,
    name="personal_assistant.workers.tasks.remember_message",
    max_retries=_MAX_RETRIES,
    ignore_result=True,
)
def remember_message(task: AnyTask, message_id: str, context: Context | None = None) -> str:
    return _advance(task, message_id, context or {}, Stage.REMEMBER, _remember)


@app.task(name="personal_assistant.workers.tasks.sweep")
def sweep() -> dict[str, int]:
    """Fires what is due, and sends again what got lost on its way."""
    with _measured("sweep"):
        fired = transaction(_fire_reminders)
        seconds = _STALLED_TIMES * get_settings().visibility_timeout_seconds
        lost = transaction(lambda session: messages.stalled(session, seconds))
        for message_id, stage in lost:
            _log.warning("message %s: nobody has %s in hand, sent again", message_id, stage)
            publish(stage, message_id, {})
        return {"fired": fired, "sent again": len(lost)}


@app.task(name="personal_assistant.workers.tasks.clean_up")
def clean_up() -> dict[str, int]:
    """Logins that are over, and memories above what is kept for each user."""
    with _measured("clean_up"):
        logins = transaction(tokens.drop_expired)
        ids = transaction(lambda session: session.scalars(select(User.id)).all())
        return {"logins": logins, "memories": sum(map(_forget_surplus, ids))}


def _forget_surplus(user_id: str) -> int:
    return transaction(lambda session: recall.forget_surplus(session, user_id))


def publish(stage: Stage, message_id: str, context: Context) -> None:
    """Raises kombu's OperationalError if the broker does not take it."""
    task = {Stage.ANSWER: answer_message, Stage.REMEMBER: remember_message}[stage]
    task.apply_async((message_id, dict(context)), retry=False)


def _answer(message_id: str) -> bool:
    user_id, text = transaction(lambda session: messages.content(session, message_id))
    settings = get_service_settings()
    outcome = agent.run(settings, user_id, text, settings.task_time_limit_seconds - 3)
    return transaction(
        lambda session: messages.finish_answer(
            session, message_id, user_id, outcome.reply, outcome.steps, outcome.effects
        )
    )


def _remember(message_id: str) -> bool:
    user_id, text = transaction(lambda session: messages.content(session, message_id))
    found = extract(text, _SENTENCES_PER_SECOND * get_settings().task_time_limit_seconds)
    return transaction(
        lambda session: messages.finish_remember(session, message_id, user_id, found)
    )


def _advance(
    task: AnyTask, message_id: str, context: Context, stage: Stage, work: Callable[[str], bool]
) -> str:
    name = task.name.rpartition(".")[2]
    logs.request_id.set(context.get("x-request-id"))
    with _measured(name), tracing.span(name, SpanKind.CONSUMER, context):
        try:
            begun = _begin(message_id, stage)
            if begun is messages.Begin.WORK:
                _work(message_id, stage, work)
        except Exception as error:  # noqa: BLE001  whatever failed is tried again
            _again(task, message_id, stage, error)
        if begun in (messages.Begin.UNKNOWN, messages.Begin.FAILED):
            _log.warning("message %s: %s dropped, it is %s", message_id, stage, begun.name)
            return begun.name.lower()
        if stage is Stage.ANSWER:
            _hand_on(message_id, {**context, **tracing.carrier()})
        return "done"


def _begin(message_id: str, stage: Stage) -> messages.Begin:
    begun = transaction(lambda session: messages.begin(session, message_id, stage))
    if begun is not messages.Begin.WORK:
        return begun
    if transaction(lambda session: messages.starts(session, message_id)) <= MAX_STARTS:
        return begun
    error = f"{stage} was begun {MAX_STARTS} times and never came to an end"
    transaction(lambda session: messages.give_up(session, message_id, stage, error))
    return messages.Begin.FAILED


def _work(message_id: str, stage: Stage, work: Callable[[str], bool]) -> None:
    since = time.monotonic()
    first = work(message_id)
    outcome = "done" if first else "was done by another worker"
    seconds = time.monotonic() - since
    _log.info("message %s: %s %s after %.2f s", message_id, stage, outcome, seconds)


def _again(task: AnyTask, message_id: str, stage: Stage, error: Exception) -> NoReturn:
    """Any failure is tried again, later each time; after the last retry it is final."""
    words = f"{type(error).__name__}: {error}"[:500]
    tries = task.request.retries
    last = tries >= _MAX_RETRIES
    _log.warning("message %s: %s failed (retry %d): %s", message_id, stage, tries, words)
    write = messages.give_up if last else messages.note_error
    written = _wrote(write, message_id, stage, words)
    if last and written:
        raise error
    # A failure that could not be written down is not final: nobody would ever learn of it.
    settings = get_settings()
    # Redis hands a message that is held for longer than the visibility timeout to another worker.
    countdown = min(
        settings.task_retry_base_seconds * (tries + 1), settings.visibility_timeout_seconds / 2
    )
    try:
        raise task.retry(countdown=countdown, exc=error, max_retries=max(tries + 1, _MAX_RETRIES))
    except Reject as unsent:
        raise _back_to_the_queue(unsent) from error


def _wrote(write: Callable[..., None], message_id: str, stage: Stage, error: str) -> bool:
    try:
        transaction(lambda session: write(session, message_id, stage, error))
    except Exception:  # noqa: BLE001  the database is what failed; the caller goes on without
        return False
    return True


def _hand_on(message_id: str, context: Context) -> None:
    try:
        publish(Stage.REMEMBER, message_id, context)
    except OperationalError as unsent:
        raise _back_to_the_queue(unsent) from unsent


def _back_to_the_queue(unsent: Exception) -> Reject:
    """What could not be sent is not lost: this message comes back and sends it again."""
    return Reject(str(unsent), requeue=True)


def _fire_reminders(session: Session) -> int:
    """In one transaction, so that a reminder fires once, however many sweeps run."""
    due = update(Reminder).where(Reminder.due_at <= now(), Reminder.fired_at.is_(None))
    fired = due.values(fired_at=now()).returning(Reminder.user_id, Reminder.text)
    rows = session.execute(fired.execution_options(synchronize_session=False)).all()
    session.add_all(Event(user_id=row.user_id, kind="reminder", text=row.text) for row in rows)
    return len(rows)


@contextmanager
def _measured(name: str) -> Iterator[None]:
    since = time.monotonic()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    except (Retry, Reject, Ignore):
        outcome = "retried"
        raise
    finally:
        metrics.TASKS.labels(name, outcome).inc()
        metrics.TASK_SECONDS.labels(name).observe(time.monotonic() - since)
