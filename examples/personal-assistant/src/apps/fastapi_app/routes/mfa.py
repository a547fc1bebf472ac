"""The second factor: enrol, confirm with a first code, give it up."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from apps.fastapi_app.asking import SignedIn
from personal_assistant.auth import accounts, passwords, totp
from personal_assistant.config.settings import get_api_settings
from personal_assistant.database.models import User
from personal_assistant.database.session import run

router = APIRouter(prefix="/api/v1/auth/totp", tags=["mfa"])


class Code(BaseModel):
    code: Annotated[str, StringConstraints(max_length=64)]


class Proof(BaseModel):
    password: Annotated[str, StringConstraints(max_length=200)]


@router.post("/enrol")
async def enrol(me: SignedIn) -> dict[str, str]:
    def made(session: Session) -> dict[str, str] | None:
        user = session.get_one(User, me.user_id)
        if user.totp_confirmed:
            return None
        secret = accounts.enrol(get_api_settings(), user)
        return {"secret": secret, "uri": totp.uri(secret, user.email)}

    if (found := await run(made)) is None:
        raise HTTPException(status.HTTP_409_CONFLICT, "there is a second factor already")
    return found


@router.post("/confirm")
async def confirm(me: SignedIn, given: Code) -> dict[str, Sequence[str]]:
    def confirmed(session: Session) -> Sequence[str] | None:
        user = session.get_one(User, me.user_id)
        if user.totp_confirmed:
            return None
        return accounts.confirm(session, get_api_settings(), user, given.code)

    if (codes := await run(confirmed)) is None:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "wrong code, or nothing to confirm")
    return {"backup_codes": codes}


@router.post("/drop", status_code=status.HTTP_204_NO_CONTENT)
async def drop(me: SignedIn, given: Proof) -> None:
    def dropped(session: Session) -> bool:
        user = session.get_one(User, me.user_id)
        right = passwords.matches(user.password_hash, given.password)
        if right:
            accounts.drop_second_factor(session, user.id)
        return right

    if not await run(dropped):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "wrong password")
