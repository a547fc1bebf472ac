"""The Redis that may forget: sessions and rate limits. And a look at the one that may not."""

from functools import cache

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from personal_assistant.config.settings import get_settings, plain

# Part of the whole, for each of two tries; the second one is for a connection that a restart cut.
_SHARE = 0.4


@cache
def client() -> Redis:
    settings = get_settings()
    return _connect(str(settings.cache_redis_url), plain(settings.cache_redis_password))


def probe() -> None:
    client().ping()


@cache
def _broker() -> Redis:
    settings = get_settings()
    return _connect(str(settings.redis_url), plain(settings.redis_password))


def probe_broker() -> None:
    _broker().ping()


def _connect(url: str, password: str | None) -> Redis:
    seconds = get_settings().store_timeout_seconds * _SHARE
    return Redis.from_url(
        url,
        password=password,
        decode_responses=True,
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
        retry=Retry(NoBackoff(), 1),
    )
