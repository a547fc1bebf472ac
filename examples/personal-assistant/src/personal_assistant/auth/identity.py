"""The headers of a request become a user, by a bearer token with a living session or by a key."""

from collections.abc import Mapping
from dataclasses import dataclass

from personal_assistant.auth import sessions, tokens
from personal_assistant.auth.passwords import digest
from personal_assistant.config.settings import ApiSettings
from personal_assistant.database import session as database
from personal_assistant.database import users


@dataclass(frozen=True)
class Identity:
    user_id: str
    session_id: str | None  # None: an API key, which may do less


def identify(settings: ApiSettings, headers: Mapping[str, str]) -> Identity | None:
    """None without credentials. Raises `tokens.Refused` for wrong ones."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return _by_token(settings, token.strip())
    if key := headers.get("x-api-key"):
        return _by_key(key)
    return None


def _by_token(settings: ApiSettings, token: str) -> Identity:
    claims = tokens.read(settings, token)
    if not sessions.belongs_to(claims.session_id, claims.user_id):
        raise tokens.Refused("the session is over")
    return Identity(claims.user_id, claims.session_id)


def _by_key(key: str) -> Identity:
    user_id = database.transaction(lambda session: users.id_by_key(session, digest(key)))
    if user_id is None:
        raise tokens.Refused("no such key")
    return Identity(user_id, None)
