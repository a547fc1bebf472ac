"""Who asks, as parameters of routes; and texts that PostgreSQL can hold."""

from typing import Annotated

from fastapi import Depends, HTTPException, Path, Request, status
from pydantic import AfterValidator, StringConstraints

from personal_assistant.auth import permissions
from personal_assistant.auth.identity import Identity
from personal_assistant.database.models import User
from personal_assistant.database.session import run


def _known(request: Request) -> Identity:
    found: Identity | None = getattr(request.state, "identity", None)
    if found is None:
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED,
            "sign in, or send an API key",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return found


Me = Annotated[Identity, Depends(_known)]


def _signed_in(me: Me) -> Identity:
    """A key must not be able to make itself a better one."""
    if me.session_id is None:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "an API key is not enough for this")
    return me


SignedIn = Annotated[Identity, Depends(_signed_in)]


class Needs:
    """The permission is looked up each time: a role that was taken away is gone at once."""

    def __init__(self, permission: str) -> None:
        self._permission = permission

    async def __call__(self, me: SignedIn) -> Identity:
        user = await run(lambda session: session.get(User, me.user_id))
        if user is None or not permissions.allowed(user.role, self._permission):
            raise HTTPException(status.HTTP_403_FORBIDDEN, f"needs {self._permission}")
        return me


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not hold a NUL character")
    return text


Words = Annotated[str, StringConstraints(min_length=1), AfterValidator(_no_nul)]
ShortWords = Annotated[
    str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(_no_nul)
]
RowId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def not_found() -> HTTPException:
    return HTTPException(status.HTTP_404_NOT_FOUND, "no such thing")
