"""Messages, and the guards that make every effect happen once.

A queue delivers at least once, and two workers may hold the same message. Each stage is
therefore left in one transaction whose first statement is a guarded UPDATE: it locks the
row, and only one worker ever sees it change. What the stage brought about (notes,
reminders, memories) is written in the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, cast

from sqlalchemy import CursorResult, case, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from personal_assistant.core.effects import Effect
from personal_assistant.database.models import (
    Memory,
    Message,
    Note,
    Reminder,
    Stage,
    State,
    new_id,
    now,
)
from personal_assistant.memory.extract import Sentence

_UNFINISHED = (State.QUEUED, State.PROCESSING)


class Begin(Enum):
    WORK = auto()
    ALREADY_DONE = auto()  # this stage; the next one may still have to be told
    FAILED = auto()
    UNKNOWN = auto()


def add(session: Session, user_id: str, text: str) -> str:
    message = Message(id=new_id(), user_id=user_id, text=text)
    session.add(message)
    session.flush()
    return message.id


def add_once(
    session: Session, user_id: str, text: str, channel: str, external_id: str
) -> str | None:
    """None if the user has a message with that outside id."""
    return session.scalar(
        upsert(Message)
        .values(user_id=user_id, text=text, channel=channel, external_id=external_id)
        .on_conflict_do_nothing(index_elements=[Message.user_id, Message.external_id])
        .returning(Message.id)
    )


def remove(session: Session, message_id: str) -> None:
    session.execute(delete(Message).where(Message.id == message_id))


def begin(session: Session, message_id: str, stage: Stage) -> Begin:
    """Counts an attempt: the first start of all, and each start of a stage that had begun."""
    again = (Message.stage_starts > 0) | (Message.attempts == 0)
    changed = _guarded(
        session,
        message_id,
        stage,
        state=State.PROCESSING,
        stage_starts=Message.stage_starts + 1,
        attempts=Message.attempts + case((again, 1), else_=0),
    )
    if changed:
        return Begin.WORK
    state = session.scalar(select(Message.state).where(Message.id == message_id))
    if state is None:
        return Begin.UNKNOWN
    return Begin.FAILED if state == State.FAILED else Begin.ALREADY_DONE


def starts(session: Session, message_id: str) -> int:
    """How often the present stage was begun."""
    return session.scalars(select(Message.stage_starts).where(Message.id == message_id)).one()


def content(session: Session, message_id: str) -> tuple[str, str]:
    """The owner and the text."""
    query = select(Message.user_id, Message.text).where(Message.id == message_id)
    found = session.execute(query).one()
    return found.user_id, found.text


def note_error(session: Session, message_id: str, stage: Stage, error: str) -> None:
    _guarded(session, message_id, stage, error=error)


def give_up(session: Session, message_id: str, stage: Stage, error: str) -> None:
    _guarded(session, message_id, stage, state=State.FAILED, error=error, finished_at=now())


def finish_answer(
    session: Session,
    message_id: str,
    user_id: str,
    reply: str,
    steps: Sequence[str],
    effects: Sequence[Effect],
) -> bool:
    said = {"reply": reply, "steps": list(steps)}
    if not _leave(session, message_id, Stage.ANSWER, Stage.REMEMBER, **said):
        return False
    for effect in effects:
        if effect.kind == "note":
            session.add(Note(user_id=user_id, text=effect.text))
        else:
            session.add(Reminder(user_id=user_id, text=effect.text, due_at=effect.due_at))
    return True


def finish_remember(
    session: Session, message_id: str, user_id: str, found: Sequence[Sentence]
) -> bool:
    """The last commit: remembered, done and counted as completed, all or nothing."""
    left = _leave(
        session,
        message_id,
        Stage.REMEMBER,
        Stage.NONE,
        state=State.DONE,
        completions=Message.completions + 1,
        finished_at=now(),
    )
    if left and found:
        session.execute(
            insert(Memory),
            [
                {
                    "user_id": user_id,
                    "message_id": message_id,
                    "text": sentence.text,
                    "terms": sorted(sentence.terms),
                    "weight": sentence.weight,
                }
                for sentence in found
            ],
        )
    return left


def stalled(session: Session, seconds: float) -> list[tuple[str, Stage]]:
    """Messages that nobody has touched for that long, marked as touched now."""
    long_ago: datetime = now() - timedelta(seconds=seconds)
    rows = session.execute(
        update(Message)
        .where(Message.state.in_(_UNFINISHED), Message.touched_at < long_ago)
        .values(touched_at=now())
        .returning(Message.id, Message.stage)
    )
    return [(row.id, Stage(row.stage)) for row in rows]


def _leave(session: Session, message_id: str, stage: Stage, then: Stage, **also: object) -> bool:
    return _guarded(session, message_id, stage, stage=then, stage_starts=0, error=None, **also)


def _guarded(session: Session, message_id: str, at: Stage, /, **values: object) -> bool:
    result = session.execute(
        update(Message)
        .where(Message.id == message_id, Message.stage == at, Message.state.in_(_UNFINISHED))
        .values(touched_at=now(), **values)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", result).rowcount == 1
