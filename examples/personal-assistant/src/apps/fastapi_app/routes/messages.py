"""Messages to the assistant: put into the queue, and looked at until they are done."""

from typing import Any

from fastapi import APIRouter, status
from pydantic import BaseModel

from apps.fastapi_app.asking import Me, RowId, Words, not_found
from personal_assistant.database import owned
from personal_assistant.database.models import Message
from personal_assistant.database.session import run
from personal_assistant.workers import submit

router = APIRouter(prefix="/api/v1/messages", tags=["messages"])


class NewMessage(BaseModel):
    text: Words


@router.post("", status_code=status.HTTP_202_ACCEPTED)
async def send(me: Me, new: NewMessage) -> dict[str, str]:
    message_id = await submit.submit(me.user_id, new.text)
    return {"id": message_id, "state": "queued"}


@router.get("")
async def show_all(me: Me) -> list[dict[str, Any]]:
    rows = await run(lambda session: owned.newest(session, me.user_id, Message))
    return [_shown(row) for row in rows]


@router.get("/{row_id}")
async def show(me: Me, row_id: RowId) -> dict[str, Any]:
    row = await run(lambda session: owned.get(session, me.user_id, Message, row_id))
    if row is None:
        raise not_found()
    return _shown(row)


def _shown(row: Message) -> dict[str, Any]:
    return {
        "id": row.id,
        "channel": row.channel,
        "state": row.state,
        "reply": row.reply,
        "steps": row.steps,
        "attempts": row.attempts,
        "completions": row.completions,
        "error": row.error,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }
