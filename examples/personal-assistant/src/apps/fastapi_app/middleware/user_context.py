"""Requests to the API get to know whose they are before any route runs."""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from apps.fastapi_app.middleware.rate_limit import refusal
from personal_assistant.auth import identity, tokens
from personal_assistant.config.settings import get_api_settings
from personal_assistant.database.session import Unavailable, within_limit


class UserContext:
    """Leaves an `Identity` or None in the state; refuses credentials that are wrong."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        settings = get_api_settings()
        try:
            found = await within_limit(lambda: identity.identify(settings, headers))
        except tokens.Refused as error:
            # Guesses count against the address that they come from.
            refused = await refusal(scope, None) or _unauthorized(str(error))
            await refused(scope, receive, send)
        except Unavailable as error:
            await JSONResponse({"detail": str(error)}, 503)(scope, receive, send)
        else:
            scope.setdefault("state", {})["identity"] = found
            answer = await refusal(scope, found)
            await (answer or self._app)(scope, receive, send)


def _unauthorized(words: str) -> JSONResponse:
    return JSONResponse({"detail": words}, 401, {"WWW-Authenticate": "Bearer"})
