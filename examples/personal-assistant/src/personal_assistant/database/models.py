"""The tables. Whatever belongs to a user is `Owned` and is only ever read through its owner."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import JSON, DateTime, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class State(StrEnum):
    QUEUED = "queued"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"


class Stage(StrEnum):
    """What is to be done next with a message, in this order."""

    ANSWER = "answer"
    REMEMBER = "remember"
    NONE = "none"


def new_id() -> str:
    return uuid4().hex


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text}  # noqa: RUF012


class User(Base):
    __tablename__ = "users"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(default="user")
    sms_number: Mapped[str | None] = mapped_column(unique=True)
    totp_secret: Mapped[str | None]
    totp_confirmed: Mapped[bool] = mapped_column(default=False)
    totp_last_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Owned(Base):
    __abstract__ = True

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class BackupCode(Owned):
    __tablename__ = "backup_codes"

    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class ApiKey(Owned):
    __tablename__ = "api_keys"

    name: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)


class RefreshToken(Owned):
    """One step of a login; all steps share the session, and each may be used once."""

    __tablename__ = "refresh_tokens"

    session_id: Mapped[str] = mapped_column(String(32), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Message(Owned):
    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("user_id", "external_id"),)

    channel: Mapped[str] = mapped_column(default="api")
    external_id: Mapped[str | None]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.QUEUED, index=True)
    stage: Mapped[str] = mapped_column(default=Stage.ANSWER)
    stage_starts: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    completions: Mapped[int] = mapped_column(default=0)
    reply: Mapped[str | None]
    steps: Mapped[list[str]] = mapped_column(JSON, default=list)
    error: Mapped[str | None]
    touched_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class Note(Owned):
    __tablename__ = "notes"

    text: Mapped[str]


class Reminder(Owned):
    __tablename__ = "reminders"

    text: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(index=True)
    fired_at: Mapped[datetime | None]


class Memory(Owned):
    """A sentence worth keeping, with the words it is found by."""

    __tablename__ = "memories"

    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
    text: Mapped[str]
    terms: Mapped[list[str]] = mapped_column(JSON)
    weight: Mapped[float]


class Event(Owned):
    __tablename__ = "events"

    kind: Mapped[str]
    text: Mapped[str]
