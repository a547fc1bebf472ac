"""Connections to the one SQLite file, for the API (async) and for the workers (sync).

Every use opens a connection of its own: a pooled one would go on writing into a file that
was removed or replaced. Only `create_schema` may create the file, so a lost database is an
error that people see and not an empty database that they do not.
"""

import sqlite3
from functools import cache
from urllib.parse import quote

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from tubeatlas.models import SEARCH_INDEX, Base

# Seconds that a writer waits for another one.
_BUSY_TIMEOUT = 5


def create_schema(url: str) -> None:
    """Safe when the API and several workers start at once."""
    engine = create_engine(_url(url, "sqlite+pysqlite", mode="rwc"), poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 20000")
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        for table in Base.metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
        _add_what_came_later(connection)
        connection.exec_driver_sql(SEARCH_INDEX)
        connection.commit()


def _add_what_came_later(connection: Connection) -> None:
    there = {column[1] for column in connection.exec_driver_sql("PRAGMA table_info(transcripts)")}
    if "touched_at" not in there:
        connection.exec_driver_sql(
            "ALTER TABLE transcripts ADD COLUMN touched_at VARCHAR NOT NULL DEFAULT ''"
        )


@cache
def sessions(url: str) -> sessionmaker[Session]:
    engine = create_engine(
        _url(url, "sqlite+pysqlite", mode="rw"),
        poolclass=NullPool,
        connect_args={"timeout": _BUSY_TIMEOUT},
    )
    return sessionmaker(engine)


@cache
def async_sessions(url: str) -> async_sessionmaker[AsyncSession]:
    engine = create_async_engine(
        _url(url, "sqlite+aiosqlite", mode="rw"),
        poolclass=NullPool,
        connect_args={"timeout": _BUSY_TIMEOUT},
    )
    return async_sessionmaker(engine)


def probe(url: str) -> None:
    """Raises sqlite3.Error unless the file is there, has our tables and can be written."""
    connection = sqlite3.connect(_file_uri(url, "rw"), uri=True, timeout=0.5, isolation_level=None)
    try:
        connection.execute("SELECT id, stage FROM transcripts LIMIT 1").fetchone()
        connection.execute("SELECT rowid FROM chunk_index LIMIT 1").fetchone()
        _take_write_lock(connection)
    finally:
        connection.close()


def _take_write_lock(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        # Busy means that somebody else is writing just now.
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
    else:
        connection.execute("ROLLBACK")


def _url(url: str, driver: str, mode: str) -> URL:
    path = _file_uri(url, mode).partition("?")[0]
    return URL.create(driver, database=path, query={"mode": mode, "uri": "true"})


def _file_uri(url: str, mode: str) -> str:
    path = make_url(url).database or ""
    return f"file:{quote(path)}?mode={mode}"
