"""What a tool wants to change. The worker commits it together with the reply."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, model_validator


class Effect(BaseModel, frozen=True):
    kind: Literal["note", "reminder"]
    text: str
    due_at: datetime | None = None

    @model_validator(mode="after")
    def _reminders_are_due(self) -> "Effect":
        if (self.kind == "reminder") != (self.due_at is not None):
            raise ValueError("a reminder, and nothing else, has a time")
        return self
