"""What administrators may do: see who there is, give roles and SMS numbers."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, status
from pydantic import BaseModel, StringConstraints
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from apps.fastapi_app.asking import Needs, RowId, not_found
from personal_assistant.database.models import User
from personal_assistant.database.session import run

_LIST_LIMIT = 1_000

router = APIRouter(prefix="/api/v1/admin/users", tags=["admin"])


class Role(BaseModel):
    role: Literal["user", "admin"]


class Number(BaseModel):
    sms_number: Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")] | None


@router.get("", dependencies=[Depends(Needs("users:read"))])
async def show_all() -> list[dict[str, Any]]:
    query = select(User).order_by(User.created_at, User.id).limit(_LIST_LIMIT)
    return [_shown(user) for user in await run(lambda session: session.scalars(query).all())]


@router.put("/{row_id}/role", dependencies=[Depends(Needs("users:write"))])
async def give_role(row_id: RowId, given: Role) -> dict[str, Any]:
    return await _changed(row_id, "role", given.role)


@router.put("/{row_id}/sms-number", dependencies=[Depends(Needs("users:write"))])
async def give_number(row_id: RowId, given: Number) -> dict[str, Any]:
    try:
        return await _changed(row_id, "sms_number", given.sms_number)
    except IntegrityError as error:
        raise HTTPException(status.HTTP_409_CONFLICT, "the number is somebody else's") from error


async def _changed(user_id: str, field: str, value: str | None) -> dict[str, Any]:
    def change(session: Session) -> User | None:
        user = session.get(User, user_id)
        if user:
            setattr(user, field, value)
        return user

    user = await run(change)
    if user is None:
        raise not_found()
    return _shown(user)


def _shown(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "email": user.email,
        "role": user.role,
        "sms_number": user.sms_number,
        "second_factor": user.totp_confirmed,
    }
