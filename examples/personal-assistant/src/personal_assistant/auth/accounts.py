"""Signing in: password, then a second factor if the user has one."""

import re
import secrets
import time
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from personal_assistant.auth import passwords, totp
from personal_assistant.auth.passwords import digest
from personal_assistant.config.settings import ApiSettings, plain
from personal_assistant.database import users
from personal_assistant.database.models import BackupCode, User, now

_BACKUP_CODES = 10
_TOTP_CODE = re.compile(r"[0-9]{6}")


class WrongCredentials(Exception):
    """Says no more than that, so that nobody learns which addresses are known."""


class CodeNeeded(Exception):
    """The password is right; now the second factor."""


def sign_in(
    session: Session, settings: ApiSettings, email: str, password: str, code: str | None
) -> str:
    """The user's id."""
    user = users.by_email(session, email)
    right = passwords.matches(user.password_hash if user else passwords.UNUSABLE, password)
    if user is None or not right:
        raise WrongCredentials
    if user.totp_confirmed:
        if code is None:
            raise CodeNeeded
        if not (_totp(session, settings, user, code) or _backup(session, user, code)):
            raise WrongCredentials
    return user.id


def enrol(settings: ApiSettings, user: User) -> str:
    """A secret that counts only once a code made with it has come back."""
    secret = totp.new_secret()
    user.totp_secret = totp.sealed(secret, _key(settings))
    user.totp_last_step = 0
    return secret


def confirm(session: Session, settings: ApiSettings, user: User, code: str) -> Sequence[str] | None:
    """The backup codes, told this once; None for a wrong code."""
    if not _totp(session, settings, user, code):
        return None
    session.execute(update(User).where(User.id == user.id).values(totp_confirmed=True))
    session.execute(delete(BackupCode).where(BackupCode.user_id == user.id))
    codes = [secrets.token_hex(8) for _ in range(_BACKUP_CODES)]
    session.add_all(BackupCode(user_id=user.id, code_hash=digest(code)) for code in codes)
    return codes


def drop_second_factor(session: Session, user_id: str) -> None:
    none = {"totp_secret": None, "totp_confirmed": False, "totp_last_step": 0}
    session.execute(update(User).where(User.id == user_id).values(**none))
    session.execute(delete(BackupCode).where(BackupCode.user_id == user_id))


def _totp(session: Session, settings: ApiSettings, user: User, code: str) -> bool:
    """Each code counts once: the step is taken by a guarded UPDATE."""
    secret = totp.opened(user.totp_secret, _key(settings)) if user.totp_secret else None
    if secret is None or not _TOTP_CODE.fullmatch(code):
        return False
    step = totp.accepted_step(secret, code, time.time(), after=user.totp_last_step)
    if step is None:
        return False
    taken = (
        update(User)
        .where(User.id == user.id, User.totp_last_step < step)
        .values(totp_last_step=step)
    )
    return _changed_one(session, taken)


def _backup(session: Session, user: User, code: str) -> bool:
    used = (
        update(BackupCode)
        .where(
            BackupCode.user_id == user.id,
            BackupCode.code_hash == digest(code),
            BackupCode.used_at.is_(None),
        )
        .values(used_at=now())
    )
    return _changed_one(session, used)


def _changed_one(session: Session, statement: Any) -> bool:  # noqa: ANN401
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount == 1


def _key(settings: ApiSettings) -> str:
    return plain(settings.totp_key) or settings.jwt_secret.get_secret_value()
