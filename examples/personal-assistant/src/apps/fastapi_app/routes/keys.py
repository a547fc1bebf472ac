"""Personal API keys, for programs: a header that stays the same."""

import secrets

from fastapi import APIRouter, status
from pydantic import BaseModel

from apps.fastapi_app.asking import RowId, ShortWords, SignedIn, not_found
from personal_assistant.auth.passwords import digest
from personal_assistant.database import owned
from personal_assistant.database.models import ApiKey, new_id
from personal_assistant.database.session import run

router = APIRouter(prefix="/api/v1/keys", tags=["keys"])


class NewKey(BaseModel):
    name: ShortWords


@router.post("", status_code=status.HTTP_201_CREATED)
async def make(me: SignedIn, new: NewKey) -> dict[str, str]:
    """The only answer that ever holds the key."""
    key = f"pa_{secrets.token_urlsafe(32)}"
    row = ApiKey(id=new_id(), user_id=me.user_id, name=new.name, key_hash=digest(key))
    answer = {"id": row.id, "name": new.name, "key": key}
    await run(lambda session: session.add(row))
    return answer


@router.get("")
async def show(me: SignedIn) -> list[dict[str, object]]:
    rows = await run(lambda session: owned.newest(session, me.user_id, ApiKey))
    return [{"id": row.id, "name": row.name, "created_at": row.created_at} for row in rows]


@router.delete("/{row_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke(me: SignedIn, row_id: RowId) -> None:
    if not await run(lambda session: owned.remove(session, me.user_id, ApiKey, row_id)):
        raise not_found()
