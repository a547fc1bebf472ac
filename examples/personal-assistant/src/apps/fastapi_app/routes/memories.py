"""What the assistant remembers, to be looked at and to be forgotten."""

from typing import Any

from fastapi import APIRouter, status

from apps.fastapi_app.asking import Me, RowId, not_found
from personal_assistant.database import owned
from personal_assistant.database.models import Memory
from personal_assistant.database.session import run

router = APIRouter(prefix="/api/v1/memories", tags=["memories"])


@router.get("")
async def show_all(me: Me) -> list[dict[str, Any]]:
    rows = await run(lambda session: owned.newest(session, me.user_id, Memory))
    return [_shown(row) for row in rows]


@router.get("/{row_id}")
async def show(me: Me, row_id: RowId) -> dict[str, Any]:
    row = await run(lambda session: owned.get(session, me.user_id, Memory, row_id))
    if row is None:
        raise not_found()
    return _shown(row)


@router.delete("/{row_id}", status_code=status.HTTP_204_NO_CONTENT)
async def forget(me: Me, row_id: RowId) -> None:
    if not await run(lambda session: owned.remove(session, me.user_id, Memory, row_id)):
        raise not_found()


def _shown(row: Memory) -> dict[str, Any]:
    return {"id": row.id, "text": row.text, "weight": row.weight, "message_id": row.message_id}
