"""The time."""

from personal_assistant.tools.tool import Context


def tell(_: str, context: Context) -> str:
    return f"It is {context.now:%A, %d %B %Y, %H:%M} UTC."
