"""Is what a process needs really there? Asked anew each time, and never for long."""

import asyncio
from collections.abc import Callable, Mapping

import anyio.to_thread

from personal_assistant.config.settings import get_settings
from personal_assistant.database import cache, session

# Of what a request may wait.
_SHARE = 0.75

Probes = Mapping[str, Callable[[], None]]

DATABASE: Probes = {"database": session.probe}
CACHE: Probes = {"cache": cache.probe}
BROKER: Probes = {"broker": cache.probe_broker}


async def checks(probes: Probes) -> dict[str, str]:
    """The name of each store with "ok" or with what is wrong."""
    states = await asyncio.gather(*(_state(probe) for probe in probes.values()))
    return dict(zip(probes, states, strict=True))


def pool() -> dict[str, int]:
    settings = get_settings()
    return {"size": settings.database_pool_size, "max_overflow": settings.database_max_overflow}


async def _state(probe: Callable[[], None]) -> str:
    limit = get_settings().store_timeout_seconds * _SHARE
    try:
        async with asyncio.timeout(limit):
            await anyio.to_thread.run_sync(probe, abandon_on_cancel=True)
    except TimeoutError:
        return f"no answer within {limit:g} s"
    except Exception as error:  # noqa: BLE001  whatever went wrong, this store is not ready
        return type(error).__name__
    return "ok"
