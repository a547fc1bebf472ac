"""Registering, signing in and out, and fresh tokens."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, status
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from apps.fastapi_app.asking import Me, SignedIn
from personal_assistant.auth import accounts, limits, passwords, permissions, sessions, tokens
from personal_assistant.config.settings import get_api_settings
from personal_assistant.database import users
from personal_assistant.database.models import User, new_id
from personal_assistant.database.session import run, within_limit

_SIGN_INS_PER_MINUTE = 10
# Hashing is slow on purpose, and slower when many do it at once.
_HASH_SECONDS = 10.0

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])

Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=254,
        pattern=r"^[^@\s\x00]{1,64}@[^@\s\x00]+$",
    ),
]
Password = Annotated[str, StringConstraints(min_length=12, max_length=200)]


class NewUser(BaseModel):
    email: Email
    password: Password


class SignIn(BaseModel):
    email: Email
    password: Annotated[str, StringConstraints(max_length=200)]
    code: Annotated[str, StringConstraints(max_length=64)] | None = None


class Refresh(BaseModel):
    refresh_token: Annotated[str, StringConstraints(max_length=200)]


@router.post("/register", status_code=status.HTTP_201_CREATED)
async def register(new: NewUser) -> dict[str, str]:
    hashed = await within_limit(lambda: passwords.hashed(new.password), _HASH_SECONDS)
    user_id = await run(lambda session: users.add(session, new.email, hashed))
    if user_id is None:
        raise HTTPException(status.HTTP_409_CONFLICT, "the address is taken")
    return {"id": user_id}


@router.post("/login")
async def login(given: SignIn) -> dict[str, object]:
    """Tries count for each account, wherever they come from."""
    wait = await within_limit(
        lambda: limits.wait(f"sign-in:{passwords.digest(given.email)}", _SIGN_INS_PER_MINUTE)
    )
    if wait:
        raise HTTPException(
            status.HTTP_429_TOO_MANY_REQUESTS, "too many tries", {"Retry-After": str(wait)}
        )
    settings = get_api_settings()
    try:
        user_id = await run(
            lambda session: accounts.sign_in(
                session, settings, given.email, given.password, given.code
            ),
        )
    except accounts.CodeNeeded as error:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "a code is needed") from error
    except accounts.WrongCredentials as error:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "wrong credentials") from error
    return await _pair(user_id, new_id())


@router.post("/refresh")
async def refresh(given: Refresh) -> dict[str, object]:
    try:
        claims = await run(lambda session: tokens.use_refresh(session, given.refresh_token))
    except tokens.Reused as error:
        await _end(error.session_id)
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, str(error)) from error
    except tokens.Refused as error:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, str(error)) from error
    return await _pair(claims.user_id, claims.session_id)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def logout(me: SignedIn) -> None:
    await _end(me.session_id or "")


@router.get("/me")
async def who_am_i(me: Me) -> dict[str, object]:
    user = await run(lambda session: session.get_one(User, me.user_id))
    return {
        "id": user.id,
        "email": user.email,
        "role": user.role,
        "permissions": sorted(permissions.ROLES[user.role]),
        "sms_number": user.sms_number,
        "second_factor": user.totp_confirmed,
    }


async def _pair(user_id: str, session_id: str) -> dict[str, object]:
    settings = get_api_settings()

    def renewed(session: Session) -> str:
        return tokens.new_refresh(session, settings, user_id, session_id)

    refresh_token = await run(renewed)
    await within_limit(lambda: sessions.begin(session_id, user_id))
    return {
        "access_token": tokens.access(settings, user_id, session_id),
        "refresh_token": refresh_token,
        "token_type": "bearer",
        "expires_in": settings.access_token_minutes * 60,
    }


async def _end(session_id: str) -> None:
    await run(lambda session: tokens.end(session, session_id))
    await within_limit(lambda: sessions.close(session_id))
