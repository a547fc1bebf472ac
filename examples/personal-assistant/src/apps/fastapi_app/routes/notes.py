"""Notes."""

from typing import Any

from fastapi import APIRouter, status
from pydantic import BaseModel

from apps.fastapi_app.asking import Me, RowId, ShortWords, not_found
from personal_assistant.database import owned
from personal_assistant.database.models import Note, new_id, now
from personal_assistant.database.session import run

router = APIRouter(prefix="/api/v1/notes", tags=["notes"])


class NewNote(BaseModel):
    text: ShortWords


@router.post("", status_code=status.HTTP_201_CREATED)
async def make(me: Me, new: NewNote) -> dict[str, Any]:
    row = Note(id=new_id(), user_id=me.user_id, text=new.text, created_at=now())
    answer = _shown(row)
    await run(lambda session: session.add(row))
    return answer


@router.get("")
async def show_all(me: Me) -> list[dict[str, Any]]:
    rows = await run(lambda session: owned.newest(session, me.user_id, Note))
    return [_shown(row) for row in rows]


@router.get("/{row_id}")
async def show(me: Me, row_id: RowId) -> dict[str, Any]:
    row = await run(lambda session: owned.get(session, me.user_id, Note, row_id))
    if row is None:
        raise not_found()
    return _shown(row)


@router.delete("/{row_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove(me: Me, row_id: RowId) -> None:
    if not await run(lambda session: owned.remove(session, me.user_id, Note, row_id)):
        raise not_found()


def _shown(row: Note) -> dict[str, Any]:
    return {"id": row.id, "text": row.text, "created_at": row.created_at}
