"""Verdicts, counts and the last verdicts, kept in Redis for all workers; no worker keeps any."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from exoplanet.curves import Curve
from exoplanet.settings import Settings

_COUNTS, _HISTORY = "exoplanet:counts", "exoplanet:history"
_REMEMBERED = 20

Answer = TypeVar("Answer")


class RedisAway(Exception):
    """Redis gave no answer in time, or none that we can use."""


class Cache:
    def __init__(self, settings: Settings) -> None:
        password = settings.redis_password
        self._limit = settings.redis_timeout_seconds
        self._seconds = settings.cache_seconds
        self._redis = Redis.from_url(
            str(settings.redis_url),
            password=password.get_secret_value() if password else None,
            decode_responses=True,
            socket_connect_timeout=self._limit,
            socket_timeout=self._limit,
            # Once more at once: a connection from before a restart of Redis is of no use.
            retry=Retry(NoBackoff(), 1),
        )

    async def close(self) -> None:
        await self._redis.aclose()

    async def ping(self) -> None:
        await self._in_time(self._redis.ping())

    async def find(self, key: str) -> dict[str, Any] | None:
        kept = await self._in_time(self._redis.get(key))
        found: dict[str, Any] | None = json.loads(kept) if kept else None
        return found

    async def keep(self, key: str, verdict: dict[str, Any], event: dict[str, Any]) -> None:
        """The verdict, the counts and the history change together or not at all."""
        async with self._redis.pipeline(transaction=True) as steps:
            if not event["cached"]:
                steps.set(key, json.dumps(verdict), ex=self._seconds)
            steps.hincrby(_COUNTS, "predictions", 1)
            steps.hincrby(_COUNTS, "transits", int(event["verdict"] == "transit"))
            steps.hincrby(_COUNTS, "cached", int(event["cached"]))
            steps.lpush(_HISTORY, json.dumps(event))
            steps.ltrim(_HISTORY, 0, _REMEMBERED - 1)
            await self._in_time(steps.execute())

    async def counts(self) -> dict[str, int]:
        kept = await self._in_time(self._redis.hgetall(_COUNTS))
        return {name: int(kept.get(name, 0)) for name in ("predictions", "transits", "cached")}

    async def history(self) -> list[dict[str, Any]]:
        """The newest first."""
        kept = await self._in_time(self._redis.lrange(_HISTORY, 0, -1))
        return [json.loads(event) for event in kept]

    async def _in_time(self, answer: Awaitable[Answer]) -> Answer:
        try:
            async with asyncio.timeout(self._limit):
                return await answer
        except (RedisError, OSError) as error:  # a TimeoutError is an OSError
            raise RedisAway(type(error).__name__) from error


def key(model: str, curve: Curve) -> str:
    """Another model or another curve is another key."""
    return f"exoplanet:verdict:{model[:16]}:{hashlib.sha256(curve.digest_input()).hexdigest()}"
