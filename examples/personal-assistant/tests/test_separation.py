"""What is Ada's is not there for Bob: every route that shows or changes something of a user."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from conftest import Person, work
from personal_assistant.core import planner, runner
from personal_assistant.core.model import BuiltIn
from personal_assistant.database.models import Memory, now
from personal_assistant.database.session import transaction

SECRET = "The treasure lies under the old walnut tree behind the mill."
COLLECTIONS = ("messages", "notes", "reminders", "memories", "keys", "events")


def _make_all(ada: Person, agent: str) -> dict[str, str]:
    """One row of each kind that has a route for one row."""
    made = {
        "notes": ada.post("/api/v1/notes", text=SECRET).json()["id"],
        "reminders": ada.post("/api/v1/reminders", text=SECRET, due_at=now().isoformat()).json()[
            "id"
        ],
        "keys": ada.post("/api/v1/keys", name=SECRET).json()["id"],
        "messages": ada.post("/api/v1/messages", text=SECRET).json()["id"],
    }
    work(made["messages"])
    made["memories"] = ada.get("/api/v1/memories").json()[0]["id"]
    return made


def _routes() -> set[tuple[str, str]]:
    """Those that name one row of a user, by method."""
    from apps.fastapi_app.main import app

    schema: dict[str, dict[str, Any]] = app.openapi()["paths"]
    return {
        (method, path)
        for path, methods in schema.items()
        for method in methods
        if "{row_id}" in path and "/admin/" not in path
    }


def test_the_owner_finds_and_others_do_not(ada: Person, bob: Person, agent: str) -> None:
    made = _make_all(ada, agent)
    routes = _routes()
    assert len(routes) == 8
    for method, path in sorted(routes, key=lambda route: route[0] == "delete"):
        kind = path.split("/")[3]
        one = path.replace("{row_id}", made[kind])
        assert bob.call(method, one).status_code == 404, (method, path)
        assert ada.call(method, one).status_code in (200, 204), (method, path)


def test_others_see_nothing_in_their_lists(ada: Person, bob: Person, agent: str) -> None:
    from personal_assistant.workers import tasks

    _make_all(ada, agent)
    tasks.sweep()
    for name in COLLECTIONS:
        assert SECRET in ada.get(f"/api/v1/{name}").text or name == "messages"
        assert bob.get(f"/api/v1/{name}").json() == [], name


def test_the_agent_recalls_only_what_the_same_user_said(
    ada: Person, bob: Person, agent: str
) -> None:
    _make_all(ada, agent)
    question = "Where does the treasure lie? List my notes. List my reminders."
    replies = [runner.run(somebody.id, question, now(), BuiltIn()).reply for somebody in (ada, bob)]
    assert SECRET in replies[0]
    assert replies[1] == "No notes.\nNo reminders."


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": "nobody's"}, {"Authorization": "Bearer x"}])
def test_nobody_gets_anything(headers: dict[str, str], api: TestClient) -> None:
    from apps.fastapi_app.main import app

    open_routes = {"/api/v1/auth/register", "/api/v1/auth/login", "/api/v1/auth/refresh"}
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    closed = [path for path in paths if path.startswith("/api/") and path not in open_routes]
    assert len(closed) > 15
    for path in closed:
        for method in paths[path]:
            one = path.replace("{row_id}", "0" * 32)
            answer = api.request(method, one, headers=headers, json={})
            assert answer.status_code in (401, 422), (method, path)
            assert method != "get" or answer.status_code == 401, path


def test_every_row_of_a_user_knows_its_owner() -> None:
    from personal_assistant.database.models import Base, Owned

    tables = {mapper.class_ for mapper in Base.registry.mappers}
    assert {table.__name__ for table in tables if not issubclass(table, Owned)} == {"User"}


def test_memory_rows_are_separate_in_the_store(ada: Person, bob: Person, agent: str) -> None:
    _make_all(ada, agent)
    owners = transaction(lambda session: {row.user_id for row in session.query(Memory)})
    assert owners == {ada.id}
    assert planner.plan(SECRET) == ()
