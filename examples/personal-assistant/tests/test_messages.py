import json
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from conftest import Person, forget_settings, work
from personal_assistant.config.settings import ServiceSettings
from personal_assistant.core import client, runner
from personal_assistant.core.effects import Effect
from personal_assistant.database import messages
from personal_assistant.database.models import Memory, Message, Note, Stage, now
from personal_assistant.database.session import transaction
from personal_assistant.memory import recall
from personal_assistant.workers import tasks
from personal_assistant.workers.celery_app import app as celery
from servers import Servers

TEXT = (
    "Note that the plants want water. Remind me to call Ben in 2 hours. What is 6*7? "
    "The plants behind the kitchen window are tomatoes."
)


def _sent(person: Person, text: str = TEXT) -> str:
    answer = person.post("/api/v1/messages", text=text)
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    message_id: str = answer.json()["id"]
    return message_id


def _message(person: Person, message_id: str) -> dict[str, object]:
    found: dict[str, object] = person.get(f"/api/v1/messages/{message_id}").json()
    return found


def test_a_message_is_answered_and_remembered(ada: Person, agent: str) -> None:
    message_id = _sent(ada)
    assert _message(ada, message_id)["state"] == "queued"
    work(message_id)
    message = _message(ada, message_id)
    assert (message["state"], message["attempts"], message["completions"]) == ("done", 1, 1)
    assert message["steps"] == ["notes.add", "reminders.add", "calculator"]
    assert "Noted: the plants want water." in str(message["reply"])
    assert "6*7 = 42" in str(message["reply"])
    assert [note["text"] for note in ada.get("/api/v1/notes").json()] == ["the plants want water"]
    assert [item["text"] for item in ada.get("/api/v1/reminders").json()] == ["call Ben"]
    assert ada.get("/api/v1/memories").json()


def test_what_was_said_comes_back(ada: Person, agent: str) -> None:
    work(_sent(ada, "My sister Clara lives in Lisbon near the harbour."))
    asked = _sent(ada, "Where does Clara live?")
    work(asked)
    assert "Clara lives in Lisbon" in str(_message(ada, asked)["reply"])


def test_a_message_goes_into_its_queue(ada: Person) -> None:
    from personal_assistant.database import cache

    message_id = _sent(ada)
    (waiting,) = cache._broker().lrange("agent", 0, -1)
    assert message_id in waiting
    assert "answer_message" in waiting
    assert TEXT not in waiting


def test_deliveries_again_change_nothing(ada: Person, agent: str) -> None:
    message_id = _sent(ada)
    work(message_id)
    before = [
        ada.get(path).json()
        for path in (f"/api/v1/messages/{message_id}", "/api/v1/notes", "/api/v1/memories")
    ]
    work(message_id)
    assert before == [
        ada.get(path).json()
        for path in (f"/api/v1/messages/{message_id}", "/api/v1/notes", "/api/v1/memories")
    ]


def test_two_workers_with_the_same_stage_commit_once(ada: Person) -> None:
    message_id = _sent(ada)
    note = Effect(kind="note", text="once")
    for _ in range(2):
        begun = transaction(lambda session: messages.begin(session, message_id, Stage.ANSWER))
        assert begun is messages.Begin.WORK
    committed = [
        transaction(
            lambda session: messages.finish_answer(session, message_id, ada.id, "", [], [note])
        )
        for _ in range(2)
    ]
    assert committed == [True, False]
    assert len(ada.get("/api/v1/notes").json()) == 1
    assert _message(ada, message_id)["attempts"] == 2


def test_an_agent_that_is_away_is_asked_again(
    ada: Person, agent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = _sent(ada)
    failures = [httpx.ConnectError("away"), httpx.ReadTimeout("slow")]
    run = client.run

    def fails_twice(
        settings: ServiceSettings, user_id: str, text: str, seconds: float
    ) -> runner.Outcome:
        if failures:
            raise failures.pop()
        return run(settings, user_id, text, seconds)

    monkeypatch.setattr(client, "run", fails_twice)
    work(message_id)
    message = _message(ada, message_id)
    assert (message["state"], message["attempts"], message["completions"]) == ("done", 3, 1)
    assert message["error"] is None


def test_an_agent_that_never_comes_back(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_URL", "http://127.0.0.1:1")
    forget_settings()
    message_id = _sent(ada)
    tasks.answer_message.apply((message_id, {}))
    message = _message(ada, message_id)
    assert (message["state"], message["attempts"], message["completions"]) == ("failed", 9, 0)
    assert "ConnectError" in str(message["error"])


def test_a_text_that_kills_its_worker_is_given_up(ada: Person, agent: str) -> None:
    message_id = _sent(ada)
    for _ in range(tasks.MAX_STARTS):
        transaction(lambda session: messages.begin(session, message_id, Stage.ANSWER))
    tasks.answer_message.apply((message_id, {}))
    assert _message(ada, message_id)["state"] == "failed"


def test_a_message_that_nobody_has_is_dropped() -> None:
    assert tasks.answer_message.apply(("0" * 32, {})).get() == "unknown"


def test_without_a_broker_nothing_is_kept(ada: Person, running: Servers) -> None:
    running.broker_away()
    try:
        answer = ada.post("/api/v1/messages", text=TEXT)
        assert (answer.status_code, "queue" in answer.json()["detail"]) == (503, True)
        assert ada.get("/api/v1/messages").json() == []
    finally:
        running.broker_back()
    assert _sent(ada)


def test_a_lost_message_is_sent_again(ada: Person) -> None:
    from personal_assistant.database import cache

    message_id = _sent(ada)
    cache._broker().flushall()
    assert tasks.sweep()["sent again"] == 0
    old = update(Message).values(touched_at=now() - timedelta(hours=1))
    transaction(lambda session: session.execute(old.where(Message.id == message_id)).closed)
    assert tasks.sweep()["sent again"] == 1
    assert tasks.sweep()["sent again"] == 0
    assert cache._broker().llen("agent") == 1


def test_a_reminder_fires_once(ada: Person) -> None:
    due = (now() - timedelta(seconds=1)).isoformat()
    later = (now() + timedelta(hours=1)).isoformat()
    ada.post("/api/v1/reminders", text="now", due_at=due)
    ada.post("/api/v1/reminders", text="later", due_at=later)
    assert [tasks.sweep()["fired"] for _ in range(2)] == [1, 0]
    events = ada.get("/api/v1/events").json()
    assert [(event["kind"], event["text"]) for event in events] == [("reminder", "now")]


def test_clean_up(ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "KEPT", 2)

    def fill(session: object) -> None:
        session.add_all(  # type: ignore[attr-defined]
            Memory(user_id=ada.id, text=f"memory {number}", terms=[], weight=0)
            for number in range(5)
        )

    transaction(fill)
    assert tasks.clean_up() == {"logins": 0, "memories": 3}
    assert len(ada.get("/api/v1/memories").json()) == 2


def test_every_task_has_a_route_to_a_declared_queue() -> None:
    queues = {queue.name for queue in celery.conf.task_queues}
    ours = {name for name in celery.tasks if name.startswith("personal_assistant.")}
    assert {route["queue"] for route in celery.conf.task_routes.values()} == queues
    assert set(celery.conf.task_routes) == ours
    assert {entry["task"] for entry in celery.conf.beat_schedule.values()} <= ours


@pytest.mark.parametrize("text", ["", "a\x00b", "\ud800"])
def test_texts_that_cannot_be_kept(text: str, ada: Person) -> None:
    body = json.dumps({"text": text})
    answer = ada.client.post(
        "/api/v1/messages",
        content=body,
        headers={**ada.headers, "Content-Type": "application/json"},
    )
    assert answer.status_code == 422


def test_notes_by_hand(ada: Person) -> None:
    made = ada.post("/api/v1/notes", text="milk").json()
    assert ada.get(f"/api/v1/notes/{made['id']}").json() == made
    assert transaction(lambda session: session.query(Note).count()) == 1
    assert ada.get("/api/v1/notes/nonsense").status_code == 422
