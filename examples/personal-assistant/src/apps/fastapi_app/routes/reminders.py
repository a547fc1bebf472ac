"""Reminders, and the events that tell when one was due."""

from typing import Any

from fastapi import APIRouter, status
from pydantic import AwareDatetime, BaseModel

from apps.fastapi_app.asking import Me, RowId, ShortWords, not_found
from personal_assistant.database import owned
from personal_assistant.database.models import Event, Reminder, new_id
from personal_assistant.database.session import run

router = APIRouter(prefix="/api/v1", tags=["reminders"])


class NewReminder(BaseModel):
    text: ShortWords
    due_at: AwareDatetime


@router.post("/reminders", status_code=status.HTTP_201_CREATED)
async def make(me: Me, new: NewReminder) -> dict[str, Any]:
    row = Reminder(id=new_id(), user_id=me.user_id, text=new.text, due_at=new.due_at)
    answer = _shown(row)
    await run(lambda session: session.add(row))
    return answer


@router.get("/reminders")
async def show_all(me: Me) -> list[dict[str, Any]]:
    rows = await run(lambda session: owned.newest(session, me.user_id, Reminder))
    return [_shown(row) for row in rows]


@router.get("/reminders/{row_id}")
async def show(me: Me, row_id: RowId) -> dict[str, Any]:
    row = await run(lambda session: owned.get(session, me.user_id, Reminder, row_id))
    if row is None:
        raise not_found()
    return _shown(row)


@router.delete("/reminders/{row_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove(me: Me, row_id: RowId) -> None:
    if not await run(lambda session: owned.remove(session, me.user_id, Reminder, row_id)):
        raise not_found()


@router.get("/events")
async def events(me: Me) -> list[dict[str, Any]]:
    rows = await run(lambda session: owned.newest(session, me.user_id, Event))
    return [
        {"id": row.id, "kind": row.kind, "text": row.text, "created_at": row.created_at}
        for row in rows
    ]


def _shown(row: Reminder) -> dict[str, Any]:
    return {"id": row.id, "text": row.text, "due_at": row.due_at, "fired_at": row.fired_at}
