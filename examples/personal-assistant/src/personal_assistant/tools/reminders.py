"""Reminders: "water the plants in 20 minutes"."""

import re
from datetime import timedelta

from sqlalchemy import select

from personal_assistant.core.effects import Effect
from personal_assistant.database.models import Reminder
from personal_assistant.tools.tool import Context

_SHOWN = 10
_DELAY = re.compile(
    r"^(?P<what>.+?)\s+in (?P<count>\d{1,5}) (?P<unit>second|minute|hour|day)s?$", re.IGNORECASE
)


def add(given: str, context: Context) -> str:
    found = _DELAY.match(given)
    if found is None:
        return f'When? Say "remind me to {given} in 20 minutes".'
    delay = timedelta(**{f"{found['unit'].lower()}s": int(found["count"])})
    due_at = context.now + delay
    context.effects.append(Effect(kind="reminder", text=found["what"], due_at=due_at))
    return f"I shall remind you at {due_at:%d %B %Y, %H:%M:%S} UTC: {found['what']}."


def show(_: str, context: Context) -> str:
    query = (
        select(Reminder)
        .where(Reminder.user_id == context.user_id, Reminder.fired_at.is_(None))
        .order_by(Reminder.due_at)
        .limit(_SHOWN)
    )
    known = [(found.due_at, found.text) for found in context.session.scalars(query)]
    wanted = [(item.due_at, item.text) for item in context.wanted("reminder") if item.due_at]
    lines = [f"- {due_at:%d %B %Y, %H:%M} UTC: {text}" for due_at, text in sorted(known + wanted)]
    return "\n".join(["Your reminders:", *lines[:_SHOWN]]) if lines else "No reminders."
