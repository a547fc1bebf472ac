"""Users: making them, and finding them by what they prove or by the number that was called."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from personal_assistant.database.models import ApiKey, User, new_id


def add(session: Session, email: str, password_hash: str) -> str | None:
    """The new id, or None if the address is taken."""
    return session.scalar(
        insert(User)
        .values(id=new_id(), email=email, password_hash=password_hash)
        .on_conflict_do_nothing(index_elements=[User.email])
        .returning(User.id)
    )


def by_email(session: Session, email: str) -> User | None:
    return session.scalar(select(User).where(User.email == email))


def by_sms_number(session: Session, number: str) -> User | None:
    return session.scalar(select(User).where(User.sms_number == number))


def id_by_key(session: Session, key_hash: str) -> str | None:
    return session.scalar(select(ApiKey.user_id).where(ApiKey.key_hash == key_hash))
