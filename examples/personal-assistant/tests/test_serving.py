"""What the processes say about themselves: health, numbers, logs, headers."""

import json
import socket

import pytest
from fastapi.testclient import TestClient

from conftest import Person, alembic_config, forget_settings
from servers import Servers


def test_ready(api: TestClient) -> None:
    answer = api.get("/health")
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": "ok", "cache": "ok", "broker": "ok"},
        "pool": {"size": 5, "max_overflow": 2},
    }


def test_the_size_of_the_pool_is_a_setting(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from personal_assistant.database import session

    monkeypatch.setenv("DATABASE_POOL_SIZE", "3")
    forget_settings()
    assert api.get("/health").json()["pool"]["size"] == 3
    assert "size: 3" in session.engine().pool.status()


@pytest.mark.parametrize(
    ("variable", "store"), [("DATABASE_URL", "database"), ("CACHE_REDIS_URL", "cache")]
)
def test_a_store_that_is_away(
    variable: str, store: str, api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = "postgresql+psycopg" if store == "database" else "redis"
    with monkeypatch.context() as changed:
        changed.setenv(variable, f"{scheme}://127.0.0.1:1/0")
        forget_settings()
        answer = api.get("/health")
        assert answer.status_code == 503
        assert [name for name, state in answer.json()["checks"].items() if state != "ok"] == [store]
        assert api.get("/health/live").status_code == 200
        forget_settings()
    assert api.get("/health").status_code == 200


def test_a_broker_that_went_away_and_came_back(api: TestClient, running: Servers) -> None:
    assert api.get("/health").status_code == 200
    running.broker_away()
    try:
        answer = api.get("/health")
        assert (answer.status_code, answer.json()["checks"]["cache"]) == (503, "ok")
        assert answer.json()["checks"]["broker"] == "ConnectionError"
    finally:
        running.broker_back()
    assert api.get("/health").status_code == 200


@pytest.mark.parametrize(
    ("variable", "path"),
    [("DATABASE_URL", "/api/v1/notes"), ("CACHE_REDIS_URL", "/api/v1/notes")],
)
def test_a_store_that_says_nothing(
    variable: str, path: str, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is taken, and then nothing comes: a request must not hang on it."""
    with socket.create_server(("127.0.0.1", 0)) as silent, monkeypatch.context() as changed:
        scheme = "postgresql+psycopg" if variable == "DATABASE_URL" else "redis"
        changed.setenv(variable, f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/0")
        changed.setenv("STORE_TIMEOUT_SECONDS", "0.5")
        forget_settings()
        answer = ada.get(path)
        assert (answer.status_code, list(answer.json())) == (503, ["detail"])
        assert ada.get("/health").status_code == 503
        forget_settings()
    assert ada.get(path).status_code == 200


def test_not_ready_before_the_migrations(api: TestClient) -> None:
    from alembic import command

    command.downgrade(alembic_config(), "-1")
    try:
        answer = api.get("/health")
        assert answer.json()["checks"]["database"] == "ProgrammingError"
    finally:
        command.upgrade(alembic_config(), "head")
    assert api.get("/health").status_code == 200


def test_migrations_down_and_up_and_nothing_left_to_do(fresh: None) -> None:
    from alembic import command

    command.downgrade(alembic_config(), "base")
    command.upgrade(alembic_config(), "head")
    command.upgrade(alembic_config(), "head")
    command.check(alembic_config())


def test_requests_are_counted_by_route(ada: Person) -> None:
    def count(route: str, status: str) -> float:
        lines = ada.client.get("/metrics").text.splitlines()
        wanted = f'http_requests_total{{method="GET",route="{route}",status="{status}"}}'
        return sum(float(line.split()[-1]) for line in lines if line.startswith(wanted))

    routes = [("/api/v1/notes/{row_id}", "404"), ("unmatched", "404")]
    before = [count(*route) for route in routes]
    for number in range(3):
        ada.get(f"/api/v1/notes/{number:032}")
        ada.get(f"/nowhere/{number}")
    assert [count(*route) for route in routes] == [number + 3 for number in before]


def test_each_answer_has_an_id_and_so_has_its_log_line(
    api: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    from personal_assistant.config import logs

    logs.configure("INFO")
    given = api.get("/api/v1/notes", headers={"X-Request-ID": "order-12345678"})
    assert given.headers["X-Request-ID"] == "order-12345678"
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = [line for line in lines if line["message"] == "GET /api/v1/notes"]
    assert (line["request_id"], line["status"]) == ("order-12345678", 401)
    for insane in ("short", "x" * 65, "white space", '{"a": 1}'):
        made = api.get("/health/live", headers={"X-Request-ID": insane}).headers["X-Request-ID"]
        assert len(made) == 32


def test_every_answer_has_the_security_headers(api: TestClient) -> None:
    for path in ("/health", "/api/v1/notes", "/nowhere"):
        headers = api.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"


def test_a_body_above_the_limit(ada: Person) -> None:
    assert ada.post("/api/v1/messages", text="x" * 1_000_001).status_code == 413
    parts = (b"x" * 100_000 for _ in range(11))
    headers = {**ada.headers, "Content-Type": "application/json"}
    answer = ada.client.post("/api/v1/messages", content=parts, headers=headers)
    assert answer.status_code == 413
