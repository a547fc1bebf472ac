"""Notes."""

from personal_assistant.core.effects import Effect
from personal_assistant.database import owned
from personal_assistant.database.models import Note
from personal_assistant.tools.tool import Context

_SHOWN = 10


def add(given: str, context: Context) -> str:
    context.effects.append(Effect(kind="note", text=given))
    return f"Noted: {given}."


def show(_: str, context: Context) -> str:
    kept = [note.text for note in owned.newest(context.session, context.user_id, Note)]
    texts = [*(effect.text for effect in reversed(context.wanted("note"))), *kept][:_SHOWN]
    return "\n".join(["Your notes:", *(f"- {text}" for text in texts)]) if texts else "No notes."
