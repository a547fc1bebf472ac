"""The HTTP interface: curves in, verdicts out, and what all workers together have seen."""

import logging
import os
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from exoplanet import curves, predict
from exoplanet.cache import Cache, RedisAway, key
from exoplanet.settings import get_settings

_log = logging.getLogger(__name__)

router = APIRouter(prefix="/api")


class NewCurve(BaseModel):
    time: list[float] | None = None
    flux: list[float]


def _model() -> predict.Model:
    """Raises NoModel, which becomes 503."""
    return predict.load(get_settings().model_path)


def _cache(request: Request) -> Cache:
    cache: Cache = request.app.state.cache
    return cache


Model = Annotated[predict.Model, Depends(_model)]
Shared = Annotated[Cache, Depends(_cache)]


@router.post("/predict")
async def predict_curve(
    new: NewCurve, model: Model, cache: Shared, response: Response
) -> dict[str, Any]:
    return await _answer(curves.checked(new.time, new.flux), model, cache, response)


@router.post("/upload")
async def upload(
    file: UploadFile, model: Model, cache: Shared, response: Response
) -> dict[str, Any]:
    """The verdict, and the curve as it was read, for drawing."""
    try:
        text = (await file.read()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise curves.BadCurve("the file is not text in UTF-8") from error
    curve = await run_in_threadpool(curves.from_csv, text)
    verdict = await _answer(curve, model, cache, response)
    return {**verdict, "curve": {"time": curve.time.tolist(), "flux": curve.flux.tolist()}}


@router.get("/examples")
async def examples(model: Model) -> dict[str, Any]:
    names = [{"n": n, **_named(sample)} for n, sample in enumerate(model.samples, start=1)]
    return {"examples": names}


@router.get("/examples/{n}")
async def example(n: int, model: Model) -> dict[str, Any]:
    if not 1 <= n <= len(model.samples):
        raise HTTPException(404, f"there are examples 1 to {len(model.samples)}")
    return {"n": n, **model.samples[n - 1]}


@router.get("/model")
async def about(model: Model) -> dict[str, Any]:
    return {**model.about, "sha256": model.sha256}


@router.get("/stats")
async def stats(cache: Shared) -> dict[str, Any]:
    return {**await cache.counts(), "worker": os.getpid()}


@router.get("/history")
async def history(cache: Shared) -> dict[str, Any]:
    return {"history": await cache.history()}


def _named(sample: dict[str, Any]) -> dict[str, Any]:
    return {"name": sample["name"], "words": sample["words"]}


async def _answer(
    curve: curves.Curve, model: predict.Model, cache: Cache, response: Response
) -> dict[str, Any]:
    """Redis saves work and remembers; without it the verdict is the same and is not counted."""
    name = key(model.sha256, curve)
    try:
        kept = await cache.find(name)
    except RedisAway as error:
        _log.warning("redis: %s; this verdict is neither cached nor counted", error)
        response.headers["X-Cache"] = "BYPASS"
        return {**await run_in_threadpool(model.verdict, curve), **_by(cached=False)}
    verdict = await run_in_threadpool(model.verdict, curve) if kept is None else kept
    answer = {**verdict, **_by(cached=kept is not None)}
    response.headers["X-Cache"] = "MISS" if kept is None else "HIT"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        await cache.keep(name, verdict, {"at": now, **answer})
    except RedisAway as error:
        _log.warning("redis: %s; this verdict may not be counted", error)
        response.headers["X-Cache"] = "BYPASS"
    return answer


def _by(*, cached: bool) -> dict[str, Any]:
    return {"cached": cached, "worker": os.getpid()}
