"""The web application: uvicorn tubeatlas.main:app"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Response, status

from tubeatlas import api, database, health
from tubeatlas.body_limit import BodyLimit
from tubeatlas.config import logs
from tubeatlas.config.settings import get_settings


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    settings = get_settings()
    logs.configure(settings.log_level)
    database.create_schema(settings.database_url)
    yield


app = FastAPI(title="tubeatlas", lifespan=_lifespan, redirect_slashes=False)
app.add_middleware(BodyLimit, limit=get_settings().max_body_bytes)
app.include_router(api.router)


@app.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers; says nothing about what it needs."""
    return {"status": "ok"}


@app.get("/health")
async def ready(response: Response) -> dict[str, object]:
    """200 when the database and Redis can be used, else 503 and which of them cannot."""
    checks = await health.checks(get_settings())
    if set(checks.values()) == {"ok"}:
        return {"status": "ok", "checks": checks}
    response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return {"status": "failing", "checks": checks}
