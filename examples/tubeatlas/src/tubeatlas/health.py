"""Is what the application needs really there? Asked anew each time, within a second."""

import asyncio
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis

from tubeatlas import database
from tubeatlas.config.settings import Settings

LIMIT_SECONDS = 1.0


async def checks(settings: Settings) -> dict[str, str]:
    """The name of each part with "ok" or with what is wrong."""
    database_state, redis_state = await asyncio.gather(
        _state(lambda: asyncio.to_thread(database.probe, settings.database_url)),
        _state(lambda: _redis(str(settings.redis_url))),
    )
    return {"database": database_state, "redis": redis_state}


async def _state(check: Callable[[], Awaitable[None]]) -> str:
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await check()
    except TimeoutError:
        return f"no answer within {LIMIT_SECONDS:g} s"
    except Exception as error:  # noqa: BLE001  whatever went wrong, this part is not ready
        return type(error).__name__
    return "ok"


async def _redis(url: str) -> None:
    async with Redis.from_url(url, socket_connect_timeout=LIMIT_SECONDS) as redis:
        await redis.ping()
