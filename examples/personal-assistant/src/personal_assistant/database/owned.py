"""Rows of one user. Every query here is bound to its owner; routes use nothing else."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from personal_assistant.database.models import Owned

_LIST_LIMIT = 100

Row = TypeVar("Row", bound=Owned)


def get(session: Session, user_id: str, table: type[Row], row_id: str) -> Row | None:
    return session.scalar(select(table).where(table.user_id == user_id, table.id == row_id))


def newest(session: Session, user_id: str, table: type[Row]) -> Sequence[Row]:
    query = select(table).where(table.user_id == user_id)
    return session.scalars(
        query.order_by(table.created_at.desc(), table.id).limit(_LIST_LIMIT)
    ).all()


def remove(session: Session, user_id: str, table: type[Row], row_id: str) -> bool:
    found = get(session, user_id, table, row_id)
    if found is None:
        return False
    session.delete(found)
    return True
