import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest
from kombu.exceptions import OperationalError
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from conftest import TEXT
from tubeatlas.config.settings import get_settings
from tubeatlas.models import Transcript
from tubeatlas.tasks import process_transcript

pytestmark = pytest.mark.anyio


async def _submit(client: httpx.AsyncClient, text: str = TEXT) -> httpx.Response:
    return await client.post("/api/v1/transcripts", json={"title": "Engines", "text": text})


async def test_a_transcript_from_submission_to_search(client: httpx.AsyncClient) -> None:
    submitted = await _submit(client)
    assert submitted.status_code == 202
    path = f"/api/v1/transcripts/{submitted.json()['id']}"
    assert (await client.get(path)).json()["state"] == "done"
    graph = (await client.get(f"{path}/graph")).json()
    assert graph["nodes"][0] == {"name": "Ada Lovelace", "mentions": 3}
    assert graph["edges"]
    (hit,) = (await client.get("/api/v1/search", params={"q": "Babbage"})).json()["results"]
    assert hit["transcript_id"] == submitted.json()["id"]
    assert hit["score"]


async def test_search_ranks_the_better_chunk_first(client: httpx.AsyncClient) -> None:
    for text in ("Cats. " + "Dogs bark. " * 30, "Cats purr. Cats sleep.", "Birds sing."):
        await _submit(client, text)
    hits = (await client.get("/api/v1/search", params={"q": "cats"})).json()["results"]
    assert [hit["text"][:8] for hit in hits] == ["Cats pur", "Cats. Do"]
    assert hits[0]["score"] >= hits[1]["score"]


@pytest.mark.parametrize("query", ['"', "a AND (", "*", "NEAR("])
async def test_search_takes_any_text(query: str, client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/v1/search", params={"q": query})).status_code == 200


@pytest.mark.parametrize("path", ["transcripts/nobody", "transcripts/nobody/graph"])
async def test_unknown(path: str, client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/api/v1/{path}")).status_code == 404


@pytest.mark.parametrize(
    ("header", "status"),
    [({}, 401), ({"Authorization": "Bearer no"}, 401), ({"Authorization": "Bearer yes"}, 202)],
)
async def test_token(
    header: dict[str, str], status: int, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", "yes")
    get_settings.cache_clear()
    body = {"title": "Engines", "text": TEXT}
    answer = await client.post("/api/v1/transcripts", json=body, headers=header)
    assert answer.status_code == status


async def test_a_large_body_is_refused(client: httpx.AsyncClient) -> None:
    assert (await _submit(client, "x" * 2_000_000)).status_code == 413


async def test_a_large_body_of_unknown_length_is_refused(client: httpx.AsyncClient) -> None:
    async def body() -> object:
        yield b'{"title": "x", "text": "'
        for _ in range(30):
            yield b"x" * 100_000

    answer = await client.post("/api/v1/transcripts", content=body())  # type: ignore[arg-type]
    assert answer.status_code == 413


async def test_without_the_queue_nothing_is_kept(
    client: httpx.AsyncClient, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OperationalError("refused")

    monkeypatch.setattr(process_transcript, "apply_async", unreachable)
    assert (await _submit(client)).status_code == 503
    with sessions() as session:
        assert session.scalars(select(Transcript)).all() == []


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A port that says what Redis says to a PING."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=_pong, args=(server,), daemon=True).start()
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{server.getsockname()[1]}/0?protocol=2")
        get_settings.cache_clear()
        yield


def _pong(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            while said := connection.recv(1000):
                connection.sendall(
                    b"+PONG\r\n" if b"PING" in said else b"+OK\r\n" * said.count(b"*")
                )


async def test_live_needs_nothing(client: httpx.AsyncClient, database_file: Path) -> None:
    database_file.unlink()
    assert (await client.get("/health/live")).json() == {"status": "ok"}


async def test_ready(client: httpx.AsyncClient, redis: None) -> None:
    answer = await client.get("/health")
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "redis": "ok"}}
    assert answer.status_code == 200


async def test_dead_redis(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "redis": "ConnectionError"}


async def test_a_redis_that_says_nothing(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        monkeypatch.setattr("tubeatlas.health.LIMIT_SECONDS", 0.1)
        get_settings.cache_clear()
        answer = await client.get("/health")
    assert answer.json()["checks"]["redis"] == "no answer within 0.1 s"


@pytest.mark.parametrize("what", ["the file", "its directory"])
async def test_lost_database_is_noticed_and_so_is_its_return(
    what: str, client: httpx.AsyncClient, redis: None, database_file: Path
) -> None:
    await _submit(client)
    lost = database_file if what == "the file" else database_file.parent
    away = lost.rename(lost.with_name("away"))
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()["checks"]["redis"]) == (503, "ok")
    assert answer.json()["checks"]["database"] == "OperationalError"
    assert not lost.exists()
    away.rename(lost)
    assert (await client.get("/health")).status_code == 200


@pytest.mark.parametrize("content", [b"", b"this is no database" * 100])
async def test_another_file_in_its_place(
    content: bytes, client: httpx.AsyncClient, redis: None, database_file: Path
) -> None:
    database_file.write_bytes(content)
    assert (await client.get("/health")).status_code == 503
