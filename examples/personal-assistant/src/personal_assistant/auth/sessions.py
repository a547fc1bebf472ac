"""Sessions in the cache Redis: a login lives as long as its key, and every use prolongs it."""

from personal_assistant.config.settings import get_settings
from personal_assistant.database import cache


def begin(session_id: str, user_id: str) -> None:
    cache.client().set(_key(session_id), user_id, ex=_seconds())


def belongs_to(session_id: str, user_id: str) -> bool:
    return cache.client().getex(_key(session_id), ex=_seconds()) == user_id


def close(session_id: str) -> None:
    cache.client().delete(_key(session_id))


def _key(session_id: str) -> str:
    return f"session:{session_id}"


def _seconds() -> int:
    return get_settings().session_minutes * 60
