"""So many requests in a minute for each user, and for each address that is nobody's."""

from starlette.responses import JSONResponse
from starlette.types import Scope

from personal_assistant.auth import limits
from personal_assistant.auth.identity import Identity
from personal_assistant.config.settings import get_settings
from personal_assistant.database.session import Unavailable, within_limit


async def refusal(scope: Scope, identity: Identity | None) -> JSONResponse | None:
    """429 above the limit, 503 if nobody can count, None if the request may go on."""
    who = f"user:{identity.user_id}" if identity else f"address:{address(scope)}"
    try:
        wait = await within_limit(lambda: limits.wait(who, get_settings().rate_limit_per_minute))
    except Unavailable as error:
        return JSONResponse({"detail": str(error)}, 503)
    if not wait:
        return None
    return JSONResponse({"detail": "too many requests"}, 429, {"Retry-After": str(wait)})


def address(scope: Scope) -> str:
    """What the server takes for the client; behind a proxy it must be told to trust it."""
    client = scope.get("client")
    return client[0] if client else "unknown"
