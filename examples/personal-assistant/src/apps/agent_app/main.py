"""The agent, for the API and the workers only: uvicorn apps.agent_app.main:app --port 8001"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from secrets import compare_digest
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Response, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, StringConstraints

from apps.fastapi_app import errors, middleware
from personal_assistant.config import logs, metrics, tracing
from personal_assistant.config.settings import get_service_settings
from personal_assistant.core import model, runner
from personal_assistant.database import health
from personal_assistant.database.models import now
from personal_assistant.database.session import Unavailable, within_limit
from personal_assistant.tools import registry

_RUN_SECONDS = 9.0

logs.configure(get_service_settings().log_level)


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    tracing.configure(get_service_settings(), "agent")
    yield
    metrics.leave()


class Task(BaseModel):
    user_id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    text: str


def _authorized(
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))],
) -> None:
    token = get_service_settings().agent_token.get_secret_value()
    if not compare_digest((given.credentials if given else "").encode(), token.encode()):
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED,
            "the service token is needed",
            headers={"WWW-Authenticate": "Bearer"},
        )


app = FastAPI(
    title="personal-assistant agent",
    lifespan=_lifespan,
    redirect_slashes=False,
    docs_url=None,
    redoc_url=None,
)
middleware.install(app)
errors.install(app)


@app.post("/run", dependencies=[Depends(_authorized)])
async def run(task: Task) -> runner.Outcome:
    chosen = model.chosen(get_service_settings())
    try:
        return await within_limit(
            lambda: runner.run(task.user_id, task.text, now(), chosen), _RUN_SECONDS
        )
    except model.ModelFailed as error:
        raise Unavailable(str(error)) from error


@app.get("/tools", dependencies=[Depends(_authorized)])
async def tools() -> dict[str, list[dict[str, Any]]]:
    return {"tools": [{"name": tool.name, "says": tool.says} for tool in registry.TOOLS.values()]}


@app.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers; says nothing about what it needs."""
    return {"status": "ok"}


@app.get("/health")
async def ready(response: Response) -> dict[str, object]:
    """200 when the database can be used, else 503."""
    checks = await health.checks(health.DATABASE)
    if set(checks.values()) == {"ok"}:
        return {"status": "ok", "checks": checks, "pool": health.pool()}
    response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return {"status": "failing", "checks": checks, "pool": health.pool()}


@app.get("/metrics")
async def count() -> Response:
    return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)


if __name__ == "__main__":
    import uvicorn

    uvicorn.run("apps.agent_app.main:app", port=8001)
