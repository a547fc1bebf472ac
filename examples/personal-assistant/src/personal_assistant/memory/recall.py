"""The memories of a user that concern a text: words in common, then weight, then age."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from personal_assistant.database.models import Memory
from personal_assistant.memory import text as words

_RECALLED = 3
_LOOKED_AT = 500
_QUESTION_CHARACTERS = 2_000
KEPT = 1_000


def recall(session: Session, user_id: str, text: str) -> list[str]:
    wanted = words.terms(text[:_QUESTION_CHARACTERS])
    query = select(Memory).where(Memory.user_id == user_id)
    rows = session.scalars(query.order_by(Memory.created_at.desc(), Memory.id).limit(_LOOKED_AT))
    scored = [(score(wanted, row), row.text) for row in rows]
    best = sorted((item for item in scored if item[0] > 0), key=lambda item: -item[0])
    return list(dict.fromkeys(text for _, text in best))[:_RECALLED]


def score(wanted: frozenset[str], memory: Memory) -> float:
    common = len(wanted & frozenset(memory.terms))
    return common / len(wanted) + memory.weight / 100 if common else 0.0


def forget_surplus(session: Session, user_id: str) -> int:
    """All but the newest KEPT ones."""
    surplus = (
        select(Memory.id)
        .where(Memory.user_id == user_id)
        .order_by(Memory.created_at.desc(), Memory.id)
        .offset(KEPT)
    )
    gone = session.scalars(delete(Memory).where(Memory.id.in_(surplus)).returning(Memory.id))
    return len(gone.all())
