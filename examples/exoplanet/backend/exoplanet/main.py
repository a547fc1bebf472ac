"""The web application: uvicorn exoplanet.main:app --workers 4"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from exoplanet import api, health, logs, metrics, predict
from exoplanet.body_limit import BodyLimit
from exoplanet.cache import Cache, RedisAway
from exoplanet.curves import BadCurve
from exoplanet.settings import get_settings

_WORDS_AT_MOST = 5

_log = logging.getLogger(__name__)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.cache = Cache(get_settings())
    try:
        predict.load(get_settings().model_path)  # not at the expense of the first visitor
    except predict.NoModel as error:
        _log.error("no model yet: %s", error)
    yield
    await app.state.cache.close()


logs.configure(get_settings().log_level)
app = FastAPI(title="exoplanet", lifespan=_lifespan, redirect_slashes=False)
app.add_middleware(BodyLimit, limit=get_settings().max_body_bytes)
app.add_middleware(metrics.Counted)
app.include_router(api.router)


@app.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers; says nothing about what it needs."""
    return {"status": "ok"}


@app.get("/health")
async def ready(request: Request, response: Response) -> dict[str, object]:
    """200 when Redis and the model can be used, else 503 and which of them cannot."""
    checks = await health.checks(get_settings(), request.app.state.cache)
    if set(checks.values()) == {"ok"}:
        return {"status": "ok", "checks": checks}
    response.status_code = 503
    return {"status": "failing", "checks": checks}


@app.get("/metrics")
async def measured() -> Response:
    return Response(metrics.page(), media_type="text/plain; version=0.0.4; charset=utf-8")


@app.exception_handler(RequestValidationError)
async def _unreadable(_: Request, error: RequestValidationError) -> JSONResponse:
    """Words only: what was sent may be long, and a NaN in it could not be sent back as JSON."""
    words = [f"{_place(one['loc'])}: {one['msg']}" for one in error.errors()[:_WORDS_AT_MOST]]
    return JSONResponse({"detail": "; ".join(words)}, 422)


@app.exception_handler(BadCurve)
async def _bad_curve(_: Request, error: BadCurve) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 422)


@app.exception_handler(predict.NoModel)
async def _no_model(_: Request, error: predict.NoModel) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 503)


@app.exception_handler(RedisAway)
async def _redis_away(_: Request, error: RedisAway) -> JSONResponse:
    return JSONResponse({"detail": f"redis cannot be reached ({error}), try again"}, 503)


def _place(location: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in location[1:]) or "body"
