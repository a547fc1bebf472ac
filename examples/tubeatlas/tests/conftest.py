"""Each test has its own database file and a Celery that runs tasks at once, without Redis."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy.orm import Session, sessionmaker

from tubeatlas import database
from tubeatlas.config.celery_app import app as celery
from tubeatlas.config.settings import get_settings
from tubeatlas.main import app

TEXT = (
    "00:01 [Music] Ada Lovelace met Charles Babbage in London. Ada Lovelace wrote a program.\n"
    "00:09 Charles Babbage built the engine. The engine was late. Ada Lovelace praised the engine."
)


@pytest.fixture(autouse=True)
def database_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Path]:
    file = tmp_path / "test.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{file}")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("TASK_RETRY_BASE_SECONDS", "0")
    get_settings.cache_clear()
    database.create_schema(get_settings().database_url)
    celery.conf.update(task_always_eager=True, task_store_eager_result=False)
    yield file
    get_settings.cache_clear()


@pytest.fixture
def sessions() -> sessionmaker[Session]:
    return database.sessions(get_settings().database_url)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def client(anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as opened:
        yield opened
