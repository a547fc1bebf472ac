"""Connection pools: stated sizes, settings that change them, what the libraries take by themselves."""

import pytest

from stackproof.model.facts import Ambiguity, ConnectionPool
from tests.detect.trees import Files, project

SA = "from sqlalchemy import create_engine\nfrom sqlalchemy.pool import NullPool\nURL = 'postgresql://db/x'\n"
SETTINGS = (
    "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    database_url: str\n"
    "    pool_size: int = 3\n    pool_overflow: int = 1\n    none: int | None = None\nsettings = Settings()\n"
)

CASES: list[tuple[Files, list[str]]] = [
    ({"m.py": SA + "create_engine(URL)\n"}, ["5+10 m.py:4"]),
    ({"m.py": SA + "create_engine(URL, pool_size=4, max_overflow=0, **unknown)\n"}, ["4+0 m.py:4"]),
    ({"m.py": SA + "OPTIONS = {'pool_size': 4, **x, 'echo': True}\ncreate_engine(URL, **OPTIONS)\n"}, ["4+10 m.py:5"]),
    (
        {
            "s.py": SETTINGS,
            "m.py": "from sqlalchemy.ext.asyncio import create_async_engine as make\nfrom s import settings\n"
            "make(settings.database_url, pool_size=settings.pool_size, max_overflow=settings.pool_overflow)\n"
            "make(settings.database_url, pool_size=settings.none)\n",
        },
        ["3 POOL_SIZE+1 POOL_OVERFLOW m.py:3", "5 NONE+10 m.py:4"],
    ),
    (
        {"m.py": SA + "import os\ncreate_engine(URL, pool_size=int(os.environ.get('POOL', '7')))\n"},
        ["7 POOL+10 m.py:5"],
    ),
    ({"m.py": SA + "create_engine('sqlite:///x.db')\ncreate_engine()\n"}, ["5+10 m.py:5"]),
    ({"m.py": "import psycopg_pool\npsycopg_pool.ConnectionPool(x, max_size=8)\n"}, ["8+0 m.py:2"]),
    ({"m.py": "import psycopg_pool\npsycopg_pool.AsyncConnectionPool(x, min_size=2)\n"}, ["2+0 m.py:2"]),
    ({"m.py": "import psycopg_pool\npsycopg_pool.AsyncConnectionPool(x)\n"}, ["4+0 m.py:2"]),
    ({"m.py": "import asyncpg\nasyncpg.create_pool(x)\nother.create_pool(x)\n"}, ["10+0 m.py:2"]),
    (
        {
            "m.py": "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n",
            "a.py": "x = {}\napp.config['SQLALCHEMY_ENGINE_OPTIONS'] = {'pool_size': 2, 'max_overflow': 3}\n",
        },
        ["2+3 m.py:2"],
    ),
    ({"m.py": "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"}, ["5+10 m.py:2"]),
]


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_pools(files: Files, expected: list[str]) -> None:
    found = project(files)
    assert [_row(item) for item in found.all(ConnectionPool)] == expected
    assert not [item for item in found.all(Ambiguity) if item.about == "connection pool"]


def _row(item: ConnectionPool) -> str:
    numbers = ((item.size, item.size_variable), (item.overflow, item.overflow_variable))
    return f"{'+'.join(f'{number} {name}' if name else str(number) for number, name in numbers)} {item.seen}"


@pytest.mark.parametrize(
    ("options", "because"),
    [
        ("poolclass=NullPool", "it has no pool: each request opens a connection of its own"),
        ("pool_size=make()", "its size is made while the program runs"),
        ("max_overflow='x'", "its size is made while the program runs"),
        ("pool_size=0", "it has no upper bound"),
        ("max_overflow=-1", "it has no upper bound"),
    ],
)
def test_a_pool_that_cannot_be_counted(options: str, because: str) -> None:
    found = project({"m.py": f"{SA}create_engine(URL, {options})\n"})
    assert not found.all(ConnectionPool)
    (doubt,) = found.all(Ambiguity)
    assert (doubt.about, doubt.because, str(doubt.seen)) == ("connection pool", because, "m.py:4")


def test_another_pool_class_is_counted() -> None:
    text = SA + "from sqlalchemy.pool import QueuePool\ncreate_engine(URL, poolclass=QueuePool)\n"
    assert len(project({"m.py": text}).all(ConnectionPool)) == 1
