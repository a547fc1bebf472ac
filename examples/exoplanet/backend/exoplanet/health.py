"""Is what the application needs really there? Asked anew each time, within the Redis timeout."""

from fastapi.concurrency import run_in_threadpool

from exoplanet import predict
from exoplanet.cache import Cache, RedisAway
from exoplanet.settings import Settings


async def checks(settings: Settings, cache: Cache) -> dict[str, str]:
    """The name of each part with "ok" or with what is wrong."""
    return {"redis": await _redis(cache), "model": await run_in_threadpool(_model, settings)}


async def _redis(cache: Cache) -> str:
    try:
        await cache.ping()
    except RedisAway as error:
        return str(error)
    return "ok"


def _model(settings: Settings) -> str:
    try:
        predict.load(settings.model_path)
    except predict.NoModel as error:
        return str(error)
    return "ok"
