"""Access tokens (JWT, minutes) and refresh tokens (random, days, each used once).

A refresh token that comes a second time was stolen from somebody: from then on nothing of
that login is worth anything.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

import jwt
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from personal_assistant.auth.passwords import digest
from personal_assistant.config.settings import ApiSettings
from personal_assistant.database.models import RefreshToken, now

_ALGORITHM = "HS256"


class Refused(Exception):
    """The token is not, or no longer, worth anything."""


class Reused(Refused):
    """A refresh token came a second time; the session is to be closed."""

    def __init__(self, session_id: str) -> None:
        super().__init__("the refresh token was used before")
        self.session_id = session_id


@dataclass(frozen=True)
class Claims:
    user_id: str
    session_id: str


def access(settings: ApiSettings, user_id: str, session_id: str) -> str:
    made = now()
    claims = {
        "sub": user_id,
        "sid": session_id,
        "iat": made,
        "exp": made + timedelta(minutes=settings.access_token_minutes),
    }
    return jwt.encode(claims, settings.jwt_secret.get_secret_value(), _ALGORITHM)


def read(settings: ApiSettings, token: str) -> Claims:
    try:
        claims = jwt.decode(
            token,
            settings.jwt_secret.get_secret_value(),
            algorithms=[_ALGORITHM],
            options={"require": ["sub", "sid", "exp"]},
        )
    except jwt.PyJWTError as error:
        raise Refused(type(error).__name__) from error
    return Claims(str(claims["sub"]), str(claims["sid"]))


def new_refresh(session: Session, settings: ApiSettings, user_id: str, session_id: str) -> str:
    token = secrets.token_urlsafe(32)
    session.add(
        RefreshToken(
            user_id=user_id,
            session_id=session_id,
            token_hash=digest(token),
            expires_at=now() + timedelta(days=settings.refresh_token_days),
        )
    )
    return token


def use_refresh(session: Session, token: str) -> Claims:
    """Marks it as used, in one guarded UPDATE: of two that come at once, one is a reuse."""
    row = session.execute(
        update(RefreshToken)
        .where(
            RefreshToken.token_hash == digest(token),
            RefreshToken.used_at.is_(None),
            RefreshToken.expires_at > now(),
        )
        .values(used_at=now())
        .returning(RefreshToken.user_id, RefreshToken.session_id)
    ).one_or_none()
    if row:
        return Claims(row.user_id, row.session_id)
    query = select(RefreshToken.session_id, RefreshToken.used_at)
    known = session.execute(query.where(RefreshToken.token_hash == digest(token))).one_or_none()
    if known and known.used_at:
        raise Reused(known.session_id)
    raise Refused("the refresh token is unknown or too old")


def end(session: Session, session_id: str) -> None:
    session.execute(delete(RefreshToken).where(RefreshToken.session_id == session_id))


def drop_expired(session: Session) -> int:
    old = delete(RefreshToken).where(RefreshToken.expires_at < now())
    return len(session.scalars(old.returning(RefreshToken.id)).all())
