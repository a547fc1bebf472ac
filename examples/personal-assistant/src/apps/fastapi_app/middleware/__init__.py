"""What every request passes through."""

from fastapi import FastAPI

from apps.fastapi_app.middleware.body_limit import BodyLimit
from apps.fastapi_app.middleware.request_context import RequestContext
from apps.fastapi_app.middleware.security_headers import SecurityHeaders
from personal_assistant.config.settings import get_settings


def install(app: FastAPI) -> None:
    """The last one added is the outermost."""
    app.add_middleware(BodyLimit, limit=get_settings().max_body_bytes)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestContext)
