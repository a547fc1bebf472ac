"""Redis, PostgreSQL and SQLite: by URL, by name and driver; what is unused or unknown is none."""

import pytest

from stackproof.model.facts import Ambiguity, Backend
from tests.detect.trees import Files, facts

Row = tuple[str, str | None, str | None, int]
DRIVERS = "redis\npsycopg[binary]\n"
SETTINGS = "from pydantic_settings import BaseSettings\nfrom pydantic import RedisDsn\nclass S(BaseSettings):\n"

CASES: list[tuple[str, str, list[Row]]] = [
    ("", DRIVERS, []),
    ("import os\nos.environ['REDIS_URL']\n", DRIVERS, [("redis", "REDIS_URL", None, 2)]),
    ("import os\nos.environ['REDIS_URL']\n", "", []),
    ("import os\nos.environ['CELERY_BROKER_URL']\n", "celery[redis]", [("redis", "CELERY_BROKER_URL", None, 2)]),
    ("import os\nos.environ['CELERY_RESULT_BACKEND']\n", "redis", [("redis", "CELERY_RESULT_BACKEND", None, 2)]),
    ("import os\nos.getenv('URL', 'rediss://r:6379/0')\n", "", [("redis", "URL", "rediss://r:6379/0", 2)]),
    ("import os\nos.getenv('REDIS_URL', 'memory://')\nos.environ[x]\n", DRIVERS, []),
    ("import os\nos.environ['DATABASE_URL']\n", DRIVERS, [("postgresql", "DATABASE_URL", None, 2)]),
    ("import os\nos.environ['DATABASE_URL']\n", "redis", []),
    (
        "import os\nos.environ['REDIS_HOST']\nos.environ['DB_HOST']\n",
        DRIVERS,
        [("redis", None, None, 2), ("postgresql", None, None, 3)],
    ),
    ("import os\nos.environ['REDIS_HOST']\nos.environ['REDIS_URL']\n", DRIVERS, [("redis", "REDIS_URL", None, 3)]),
    (
        SETTINGS + "    redis_url: RedisDsn = RedisDsn('redis://r')\n    x: str\n",
        "",
        [("redis", "REDIS_URL", "redis://r", 4)],
    ),
    (
        "U = 'postgresql+asyncpg://u@h/d'\nDATABASE_URL = U\n",
        "",
        [("postgresql", None, "postgresql+asyncpg://u@h/d", 2)],
    ),
    (
        "from sqlalchemy import create_engine\ncreate_engine('sqlite:///a.db')\n",
        "",
        [("sqlite", None, "sqlite:///a.db", 2)],
    ),
    (
        "app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///a.db'\nx[1] = y.z = 2\n",
        "",
        [("sqlite", None, "sqlite:///a.db", 1)],
    ),
    (
        "import redis\nredis.Redis.from_url('redis://r')\nredis.from_url(x)\nf().from_url('redis://s')\n"
        "(lambda: 1)()\n",
        "",
        [("redis", None, "redis://r", 2), ("redis", None, "redis://s", 4)],
    ),
    (
        "from celery import Celery\napp = Celery('x', broker='redis://r')\napp.conf.result_backend = 'redis://s'\n",
        "",
        [("redis", None, "redis://r", 2), ("redis", None, "redis://s", 3)],
    ),
    (
        "import sqlite3\nsqlite3.connect('x/a.db')\nsqlite3.connect('file:a?mode=ro')\nsqlite3.connect(p)\n"
        "sqlite3.connect()\n",
        "",
        [("sqlite", None, "sqlite:///x/a.db", 2)],
    ),
    (
        "D = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n",
        "",
        [("sqlite", None, "sqlite:///db.sqlite3", 1)],
    ),
    ("D = {'default': {'ENGINE': 'django.db.backends.sqlite3', f(): 1}}\n", "", [("sqlite", None, None, 1)]),
    (
        "D = {'ENGINE': 'django.db.backends.postgresql'}\nE = {'ENGINE': 'x.oracle'}\nF = {'ENGINE': f()}\n",
        "",
        [("postgresql", None, None, 1)],
    ),
]


@pytest.mark.parametrize(("text", "requirements", "expected"), CASES)
def test_backends(text: str, requirements: str, expected: list[Row]) -> None:
    found = facts(Backend, {"m.py": text, "requirements.txt": requirements})
    assert [(item.kind, item.variable, item.default, item.seen.line) for item in found] == expected


def test_sqlite_by_default_beside_a_postgresql_driver_is_an_ambiguity() -> None:
    files: Files = {"m.py": "import os\nos.getenv('DATABASE_URL', 'sqlite:///a.db')\n", "requirements.txt": "asyncpg\n"}
    (doubt,) = facts(Ambiguity, files)
    assert (doubt.chosen, doubt.setting) == ("sqlite", "the environment variable DATABASE_URL")


def test_several_stores_with_their_passwords_apart() -> None:
    """One back end for each variable that holds an address, in the order of the settings."""
    settings = (
        "from pydantic import PostgresDsn, RedisDsn, SecretStr\nfrom pydantic_settings import BaseSettings\n"
        "class Settings(BaseSettings):\n"
        "    database_url: PostgresDsn = PostgresDsn('postgresql+psycopg://app@127.0.0.1:5432/app')\n"
        "    database_password: SecretStr | None = None\n"
        "    redis_url: RedisDsn = RedisDsn('redis://127.0.0.1:6379/0')\n"
        "    redis_password: SecretStr | None = None\n"
        "    cache_redis_url: RedisDsn = RedisDsn('redis://127.0.0.1:6380/0')\n"
        "settings = Settings()\n"
    )
    use = "from redis import Redis\nfrom s import settings\nRedis.from_url(str(settings.redis_url))\n"
    found = facts(Backend, {"s.py": settings, "m.py": use})
    assert [(item.kind, item.variable, item.default, str(item.seen)) for item in found] == [
        ("postgresql", "DATABASE_URL", "postgresql+psycopg://app@127.0.0.1:5432/app", "s.py:4"),
        ("redis", "REDIS_URL", "redis://127.0.0.1:6379/0", "s.py:6"),
        ("redis", "CACHE_REDIS_URL", "redis://127.0.0.1:6380/0", "s.py:8"),
    ]


@pytest.mark.parametrize("call", ["SocketIO(app, message_queue=URL)", "socketio.AsyncRedisManager(URL)"])
def test_a_message_queue_of_socketio_is_a_back_end(call: str) -> None:
    text = f"from flask_socketio import SocketIO\nimport socketio\nURL = make('redis') or 'redis://q:6379/1'\n{call}\n"
    (found,) = facts(Backend, {"m.py": text})
    assert (found.kind, found.default) == ("redis", "redis://q:6379/1")
