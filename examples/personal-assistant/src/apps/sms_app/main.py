"""Text messages, as Twilio delivers them: uvicorn apps.sms_app.main:app --port 8003

Each user has a number of their own: the number that was called says whose message it is.
"""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

from fastapi import FastAPI, HTTPException, Request, Response, status

from apps.fastapi_app import errors, middleware
from personal_assistant.auth import limits, twilio
from personal_assistant.config import logs, metrics, tracing
from personal_assistant.config.settings import get_sms_settings
from personal_assistant.database import health, users
from personal_assistant.database.session import run, within_limit
from personal_assistant.workers import submit

_MAX_FIELDS = 100
_PROBES = {**health.DATABASE, **health.CACHE, **health.BROKER}
# An empty answer: the reply is not sent from here.
_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

Form = Mapping[str, Sequence[str]]

_log = logging.getLogger(__name__)
logs.configure(get_sms_settings().log_level)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    tracing.configure(get_sms_settings(), "sms")
    yield
    metrics.leave()


app = FastAPI(
    title="personal-assistant sms",
    lifespan=_lifespan,
    redirect_slashes=False,
    docs_url=None,
    redoc_url=None,
)
middleware.install(app)
errors.install(app)


@app.post("/sms")
async def receive(request: Request) -> Response:
    form = _form(await request.body())
    _check_signature(request, form)
    number, text = _one(form, "To"), _one(form, "Body")
    user = await run(lambda session: users.by_sms_number(session, number))
    if user is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "nobody has this number")
    await _check_limit(user.id)
    await submit.submit_once(user.id, text, "sms", _one(form, "MessageSid"))
    return Response(_TWIML, media_type="application/xml")


def _form(body: bytes) -> dict[str, list[str]]:
    try:
        text = body.decode("ascii")
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError as error:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "not a form") from error


def _check_signature(request: Request, form: Form) -> None:
    """Twilio signs the address that it was given, not the one that a proxy made of it."""
    settings = get_sms_settings()
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{str(settings.public_url).rstrip('/')}{request.url.path}{query}"
    given = request.headers.get("x-twilio-signature", "")
    if not twilio.genuine(settings.twilio_auth_token.get_secret_value(), url, form, given):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "the signature is wrong")


def _one(form: Form, name: str) -> str:
    values = form.get(name, [])
    if len(values) != 1 or not values[0] or "\x00" in values[0]:
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, f"{name} is needed, once")
    return values[0]


async def _check_limit(user_id: str) -> None:
    most = get_sms_settings().rate_limit_per_minute
    if wait := await within_limit(lambda: limits.wait(f"user:{user_id}", most)):
        raise HTTPException(
            status.HTTP_429_TOO_MANY_REQUESTS, "too many messages", {"Retry-After": str(wait)}
        )


@app.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers; says nothing about what it needs."""
    return {"status": "ok"}


@app.get("/health")
async def ready(response: Response) -> dict[str, object]:
    """200 when all stores can be used, else 503 and which of them cannot."""
    checks = await health.checks(_PROBES)
    if set(checks.values()) == {"ok"}:
        return {"status": "ok", "checks": checks, "pool": health.pool()}
    response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return {"status": "failing", "checks": checks, "pool": health.pool()}


@app.get("/metrics")
async def count() -> Response:
    return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)


if __name__ == "__main__":
    import uvicorn

    uvicorn.run("apps.sms_app.main:app", port=8003)
