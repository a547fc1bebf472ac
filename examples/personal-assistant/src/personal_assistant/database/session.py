"""Transactions on PostgreSQL, from one pool in each process, and never a wait without an end."""

import asyncio
from collections.abc import Callable
from functools import cache
from typing import TypeVar

import anyio.to_thread
from kombu.exceptions import OperationalError as QueueError
from redis.exceptions import RedisError
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from personal_assistant.config.settings import get_settings

# A server whose machine is gone never answers; the kernel gives up after these (ms, then s).
_CONNECT = {
    "connect_timeout": 2,
    "tcp_user_timeout": 3000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "application_name": "personal_assistant",
}

T = TypeVar("T")


class Unavailable(Exception):
    """A store that is needed does not answer; the words name it."""


@cache
def engine() -> Engine:
    """Made at the first use, which in a Celery worker is after the fork."""
    settings = get_settings()
    return create_engine(
        settings.database,
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_max_overflow,
        pool_timeout=settings.store_timeout_seconds,
        pool_pre_ping=True,
        connect_args=_CONNECT,
    )


def after_fork() -> None:
    """Connections of the parent are not ours to use or to close."""
    if engine.cache_info().currsize:
        engine().dispose(close=False)
    engine.cache_clear()


def transaction(work: Callable[[Session], T]) -> T:
    with Session(engine()) as session, session.begin():
        result = work(session)
        session.flush()
        session.expunge_all()  # what is handed out is data, and no longer a way to the database
        return result


async def within_limit(work: Callable[[], T], seconds: float | None = None) -> T:
    """Runs `work` in a thread; one that hangs on a silent store is left behind.

    The size of the pool bounds how many of those there can be.
    """
    limit = seconds or get_settings().store_timeout_seconds
    try:
        async with asyncio.timeout(limit):
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
    except TimeoutError as error:
        raise Unavailable(f"no answer within {limit:g} s") from error
    except (RedisError, QueueError) as error:
        raise Unavailable("Redis cannot be reached") from error
    except (OperationalError, PoolTimeout) as error:
        raise Unavailable("the database cannot be reached") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("the database went away") from error
        raise


async def run(work: Callable[[Session], T]) -> T:
    return await within_limit(lambda: transaction(work))


def probe() -> None:
    """Raises unless the tables are there; takes a connection of the pool."""
    with engine().connect() as connection:
        connection.execute(text("SELECT id FROM events LIMIT 1"))


def probe_apart() -> None:
    """The same over a connection of its own, for a process that is going to fork."""
    apart = create_engine(get_settings().database, poolclass=NullPool, connect_args=_CONNECT)
    with apart.connect() as connection:
        connection.execute(text("SELECT id FROM events LIMIT 1"))
