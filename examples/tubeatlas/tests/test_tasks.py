import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from conftest import TEXT
from tubeatlas import database, graph, store, tasks
from tubeatlas.config.celery_app import app
from tubeatlas.config.settings import get_settings
from tubeatlas.models import Stage, Transcript

Sessions = sessionmaker[Session]


def _add(sessions: Sessions, text: str = TEXT) -> str:
    with sessions.begin() as session:
        return store.add(session, "Engines", text)


def _status(sessions: Sessions, transcript_id: str) -> dict[str, Any]:
    with sessions() as session:
        found = store.status(session, transcript_id)
    assert found
    return found


def _graph(sessions: Sessions, transcript_id: str) -> dict[str, Any] | None:
    with sessions() as session:
        return store.graph(session, transcript_id)


def test_one_transcript_passes_through_all_stages(sessions: Sessions) -> None:
    transcript_id = _add(sessions)
    tasks.process_transcript.delay(transcript_id)
    status = _status(sessions, transcript_id)
    assert (status["state"], status["attempts"], status["completions"]) == ("done", 1, 1)
    assert status["counts"]["chunks"] == 1
    assert status["counts"]["nodes"] > 2
    assert status["started_at"] <= status["finished_at"]


@pytest.mark.parametrize(
    "task", [tasks.process_transcript, tasks.build_knowledge_graph, tasks.index_video]
)
def test_a_second_delivery_changes_nothing(task: tasks.AnyTask, sessions: Sessions) -> None:
    transcript_id = _add(sessions)
    tasks.process_transcript.delay(transcript_id)
    before = _status(sessions, transcript_id), _graph(sessions, transcript_id)
    assert task.delay(transcript_id).get() == "done"
    assert (_status(sessions, transcript_id), _graph(sessions, transcript_id)) == before


def test_a_finished_stage_still_hands_on(sessions: Sessions) -> None:
    """Its worker may have died between the commit and the message to the next stage."""
    transcript_id = _add(sessions)
    with sessions.begin() as session:
        assert store.begin(session, transcript_id, Stage.CHUNKS) is store.Begin.WORK
        assert store.finish_chunks(session, transcript_id, ["Ada met Grace."])
    tasks.process_transcript.delay(transcript_id)
    assert _status(sessions, transcript_id)["state"] == "done"


def test_two_workers_with_the_same_stage_commit_once(sessions: Sessions) -> None:
    transcript_id = _add(sessions)
    for _ in range(2):
        with sessions.begin() as session:
            assert store.begin(session, transcript_id, Stage.CHUNKS) is store.Begin.WORK
    committed = []
    for _ in range(2):
        with sessions.begin() as session:
            committed.append(store.finish_chunks(session, transcript_id, ["Ada", "Grace"]))
    assert committed == [True, False]
    assert _status(sessions, transcript_id)["counts"]["chunks"] == 2
    assert _status(sessions, transcript_id)["attempts"] == 2


def test_gives_up_after_three_retries(sessions: Sessions) -> None:
    transcript_id = _add(sessions, "[Music]")
    tasks.process_transcript.delay(transcript_id)
    status = _status(sessions, transcript_id)
    assert (status["state"], status["attempts"], status["completions"]) == ("failed", 4, 0)
    assert status["error"] == "ValueError: the transcript holds no words"


@pytest.mark.parametrize(("tries", "delay"), [(0, 60), (1, 120), (2, 180)])
def test_each_retry_waits_longer(
    tries: int, delay: float, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []

    def retry(**options: object) -> Exception:
        sent.append(options)
        return RuntimeError("sent")

    monkeypatch.setenv("TASK_RETRY_BASE_SECONDS", "60")
    get_settings.cache_clear()
    monkeypatch.setattr(time, "time", lambda: 1_000.0)
    monkeypatch.setattr(tasks.process_transcript, "retry", retry)
    tasks.process_transcript.push_request(retries=tries)
    with pytest.raises(RuntimeError):
        tasks._again(tasks.process_transcript, _add(sessions), Stage.CHUNKS, ValueError("no"))
    tasks.process_transcript.pop_request()
    (options,) = sent
    assert options["args"][1] == 1_000 + delay
    assert options["countdown"] == 7.5  # in steps below the visibility timeout


def test_succeeds_after_two_failures(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    transcript_id = _add(sessions)
    failures = [sqlite3.OperationalError("database is locked")] * 2
    build = graph.build

    def fails_twice(text: str) -> graph.Graph:
        if failures:
            raise failures.pop()
        return build(text)

    monkeypatch.setattr(graph, "build", fails_twice)
    tasks.process_transcript.delay(transcript_id)
    status = _status(sessions, transcript_id)
    assert (status["state"], status["attempts"], status["completions"]) == ("done", 3, 1)
    assert status["error"] is None


def test_a_text_that_kills_its_worker_is_given_up(sessions: Sessions) -> None:
    transcript_id = _add(sessions)
    for _ in range(tasks.MAX_STARTS):
        with sessions.begin() as session:
            store.begin(session, transcript_id, Stage.CHUNKS)
    tasks.process_transcript.delay(transcript_id)
    status = _status(sessions, transcript_id)
    assert (status["state"], status["completions"]) == ("failed", 0)
    assert "chunks was begun 10 times" in status["error"]


def test_an_unknown_transcript_is_dropped() -> None:
    assert tasks.process_transcript.delay("nobody").get() == "unknown"


def test_every_task_has_a_route_to_a_declared_queue() -> None:
    queues = {queue.name for queue in app.conf.task_queues}
    ours = {name for name in app.tasks if name.startswith("tubeatlas.")}
    assert {route["queue"] for route in app.conf.task_routes.values()} == queues
    assert set(app.conf.task_routes) == ours


def test_no_database_is_created_by_a_task(sessions: Sessions, database_file: Path) -> None:
    database_file.unlink()
    with pytest.raises(Exception, match="unable to open database file"):
        _add(sessions)
    assert not database_file.exists()


def _silent(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.execute(update(Transcript).values(touched_at=""))


def test_what_shows_no_sign_of_life_is_sent_again_once(sessions: Sessions) -> None:
    transcript_id = _add(sessions)
    assert tasks.send_again() == 0
    _silent(sessions)
    assert tasks.send_again() == 1
    assert _status(sessions, transcript_id)["completions"] == 1
    _silent(sessions)
    assert tasks.send_again() == 0


def test_what_waits_for_its_retry_is_not_silent(sessions: Sessions) -> None:
    transcript_id = _add(sessions)
    with sessions.begin() as session:
        store.note_error(session, transcript_id, Stage.CHUNKS, "no", next_in=60)
    with sessions.begin() as session:
        assert store.take_silent(session, -30) == []
        assert store.take_silent(session, -90) == [(transcript_id, Stage.CHUNKS)]


def test_a_database_of_before_gets_the_column(database_file: Path) -> None:
    with sqlite3.connect(database_file) as connection:
        connection.execute("ALTER TABLE transcripts DROP COLUMN touched_at")
    database.create_schema(get_settings().database_url)
    with sqlite3.connect(database_file) as connection:
        connection.execute("SELECT touched_at FROM transcripts")
