"""One message answered: planned, its tools run in order, its reply worded by the model."""

import logging
from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel
from sqlalchemy.orm import Session

from personal_assistant.core import planner
from personal_assistant.core.effects import Effect
from personal_assistant.core.model import Model
from personal_assistant.database import session as database
from personal_assistant.memory import recall
from personal_assistant.tools import registry
from personal_assistant.tools.tool import Context

_log = logging.getLogger(__name__)


class Outcome(BaseModel, frozen=True):
    reply: str
    steps: tuple[str, ...]
    effects: tuple[Effect, ...]


def run(user_id: str, text: str, now: datetime, model: Model) -> Outcome:
    """Only reads the user's rows. The model is asked outside of any transaction."""
    steps = planner.plan(text)
    results, effects, memories = database.transaction(
        lambda session: _read(session, user_id, text, now, steps)
    )
    _log.info("planned %s", ", ".join(step.tool for step in steps) or "nothing but memory")
    return Outcome(
        reply=model.reply(text, results, memories),
        steps=tuple(step.tool for step in steps),
        effects=effects,
    )


def _read(
    session: Session, user_id: str, text: str, now: datetime, steps: Sequence[planner.Step]
) -> tuple[list[str], tuple[Effect, ...], list[str]]:
    context = Context(session, user_id, now)
    results = [registry.TOOLS[step.tool].run(step.given, context) for step in steps]
    return results, tuple(context.effects), recall.recall(session, user_id, text)
