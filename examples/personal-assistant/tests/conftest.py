"""Real servers once for all tests; each test begins with empty ones and the settings anew."""

import itertools
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

import servers

HERE = Path(__file__).parent.parent
AGENT_TOKEN = "agent-token-" * 4
_RUNNING = pytest.StashKey[servers.Servers]()


def pytest_configure(config: pytest.Config) -> None:
    """Before any module of the application is imported: some read the settings then."""
    for name in list(os.environ):
        if name.endswith(("_URL", "_PASSWORD", "_FILE", "_TOKEN", "_SECRET")):
            del os.environ[name]
    config.stash[_RUNNING] = started = servers.start()
    os.environ.update(started.environment)
    os.environ.update(
        JWT_SECRET="jwt-secret-" * 4,
        AGENT_TOKEN=AGENT_TOKEN,
        TWILIO_AUTH_TOKEN="twilio-token-0123456789",
        PUBLIC_URL="https://assistant.example",
        TASK_RETRY_BASE_SECONDS="0",
        STORE_TIMEOUT_SECONDS="60",  # a busy machine must not fail a test
    )


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_RUNNING].stop()


def alembic_config() -> Config:
    return Config(HERE / "alembic.ini")


@pytest.fixture(scope="session")
def running(request: pytest.FixtureRequest) -> servers.Servers:
    command.upgrade(alembic_config(), "head")
    return request.config.stash[_RUNNING]


def forget_settings() -> None:
    from personal_assistant.config import settings
    from personal_assistant.database import cache, session

    if session.engine.cache_info().currsize:
        session.engine().dispose()
    for made_once in (
        settings.get_settings,
        settings.get_service_settings,
        settings.get_api_settings,
        settings.get_sms_settings,
        cache.client,
        cache._broker,
        session.engine,
    ):
        made_once.cache_clear()


@pytest.fixture
def fresh(running: servers.Servers) -> Iterator[None]:
    from sqlalchemy import delete

    from personal_assistant.database import cache, session
    from personal_assistant.database.models import User

    forget_settings()
    session.transaction(lambda opened: opened.execute(delete(User)).closed)  # and all they own
    cache.client().flushall()
    cache._broker().flushall()
    yield
    forget_settings()


@pytest.fixture
def api(fresh: None) -> Iterator[TestClient]:
    from apps.fastapi_app.main import app

    with TestClient(app) as client:
        yield client


@pytest.fixture
def sms(fresh: None) -> Iterator[TestClient]:
    from apps.sms_app.main import app

    with TestClient(app) as client:
        yield client


@pytest.fixture(scope="session")
def agent_address(running: servers.Servers) -> Iterator[str]:
    """The agent service on a port of its own, as the workers see it."""
    server = uvicorn.Server(uvicorn.Config("apps.agent_app.main:app", port=0, log_config=None))
    with servers.listening() as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=60)


@pytest.fixture
def agent(fresh: None, agent_address: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("AGENT_URL", agent_address)
    forget_settings()
    return agent_address


@dataclass(frozen=True)
class Person:
    """A user who is signed in."""

    client: TestClient
    id: str
    email: str
    tokens: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    def call(self, method: str, path: str, **options: Any) -> Any:  # noqa: ANN401
        return self.client.request(method, path, headers=self.headers, **options)

    def get(self, path: str) -> Any:  # noqa: ANN401
        return self.call("GET", path)

    def post(self, path: str, **body: object) -> Any:  # noqa: ANN401
        return self.call("POST", path, json=body)


PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


def sign_in(client: TestClient, email: str, **more: str) -> Any:  # noqa: ANN401
    return client.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD, **more})


@pytest.fixture
def person(api: TestClient) -> Callable[[], Person]:
    from personal_assistant.auth import sessions, tokens
    from personal_assistant.config.settings import get_api_settings
    from personal_assistant.database import session
    from personal_assistant.database.models import User, new_id

    def made() -> Person:
        """As if registered and signed in, with a password that was hashed once for all."""
        user = User(
            id=new_id(),
            email=f"person{next(_numbers)}@example.invalid",
            password_hash=_password_hash(),
        )
        person = Person(api, user.id, user.email, {})
        login, settings = new_id(), get_api_settings()

        def add(opened: Session) -> str:
            opened.add(user)
            opened.flush()
            return tokens.new_refresh(opened, settings, person.id, login)

        person.tokens["refresh_token"] = session.transaction(add)
        person.tokens["access_token"] = tokens.access(settings, person.id, login)
        sessions.begin(login, person.id)
        return person

    return made


@cache
def _password_hash() -> str:
    from personal_assistant.auth import passwords

    return passwords.hashed(PASSWORD)


@pytest.fixture
def ada(person: Callable[[], Person]) -> Person:
    return person()


@pytest.fixture
def bob(person: Callable[[], Person]) -> Person:
    return person()


def work(message_id: str) -> None:
    """Both stages of a message, as a worker would run them."""
    from personal_assistant.workers import tasks

    tasks.answer_message.apply((message_id, {}))
    tasks.remember_message.apply((message_id, {}))
