"""What a tool is: it reads, answers in words, and leaves what it wants to change as effects."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from personal_assistant.core.effects import Effect


@dataclass(frozen=True)
class Context:
    """Whose message it is and when; `effects` collects what the steps want so far."""

    session: Session
    user_id: str
    now: datetime
    effects: list[Effect] = field(default_factory=list)

    def wanted(self, kind: str) -> list[Effect]:
        return [effect for effect in self.effects if effect.kind == kind]


@dataclass(frozen=True)
class Tool:
    name: str
    says: str
    run: Callable[[str, Context], str]
