"""The API: uvicorn apps.fastapi_app.main:app --port 8000"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Response, status

from apps.fastapi_app import errors, middleware
from apps.fastapi_app.middleware.user_context import UserContext
from apps.fastapi_app.routes import (
    admin,
    auth,
    keys,
    memories,
    messages,
    mfa,
    notes,
    reminders,
    tools,
)
from personal_assistant.config import logs, metrics, tracing
from personal_assistant.config.settings import get_api_settings
from personal_assistant.database import health

_PROBES = {**health.DATABASE, **health.CACHE, **health.BROKER}

logs.configure(get_api_settings().log_level)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    tracing.configure(get_api_settings(), "api")
    yield
    metrics.leave()


app = FastAPI(
    title="personal-assistant",
    lifespan=_lifespan,
    redirect_slashes=False,
    docs_url=None,
    redoc_url=None,
)
app.add_middleware(UserContext)
middleware.install(app)
errors.install(app)
for router in (
    auth.router,
    mfa.router,
    keys.router,
    messages.router,
    notes.router,
    reminders.router,
    memories.router,
    tools.router,
    admin.router,
):
    app.include_router(router)


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

    uvicorn.run("apps.fastapi_app.main:app", port=8000)
