import socket
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from redis import Redis

from conftest import dead_port
from exoplanet.main import app
from exoplanet.settings import get_settings

FLAT = [1.0, 1.001] * 30


def _csv(curve: dict[str, Any]) -> str:
    rows = zip(curve["time"], curve["flux"], strict=True)
    return "time,flux\n" + "".join(f"{moment!r},{flux!r}\n" for moment, flux in rows)


def test_a_curve_gets_a_verdict(client: TestClient, curve: dict[str, Any]) -> None:
    answer = client.post("/api/predict", json=curve)
    assert answer.status_code == 200
    said = answer.json()
    assert said["verdict"] == "transit"
    assert said["probability"] >= 0.5
    assert said["period"] > 0
    assert said["depth"] > 0
    assert (said["cached"], answer.headers["X-Cache"]) == (False, "MISS")


def test_the_same_curve_comes_from_the_cache(client: TestClient, curve: dict[str, Any]) -> None:
    first = client.post("/api/predict", json=curve).json()
    answer = client.post("/api/predict", json=curve)
    assert answer.headers["X-Cache"] == "HIT"
    assert answer.json() == {**first, "cached": True}


def test_a_verdict_leaves_the_cache(
    client: TestClient, redis: Redis, curve: dict[str, Any]
) -> None:
    client.post("/api/predict", json=curve)
    (name,) = redis.scan_iter("exoplanet:verdict:*")
    assert 3500 < redis.ttl(name) <= 3600


def test_times_are_optional(client: TestClient) -> None:
    assert client.post("/api/predict", json={"flux": FLAT}).status_code == 200


def test_an_upload_gets_the_same_verdict(client: TestClient, curve: dict[str, Any]) -> None:
    sent = client.post("/api/predict", json=curve).json()
    answer = client.post("/api/upload", files={"file": ("star.csv", _csv(curve))})
    said = answer.json()
    assert said.pop("curve") == curve
    assert said == {**sent, "cached": True}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"flux": [1, 2]}', "too few"),
        ('{"flux": [' + "1," * 60 + "NaN]}", "finite"),
        ('{"flux": [' + "1," * 60 + "1e400]}", "finite"),
        ('{"flux": [' + "1," * 60 + '"x"]}', "number"),
        ('{"flux": [' + "1," * 20_000 + "1]}", "too many"),
        ('{"flux": [' + "1," * 60 + "1]}", "never changes"),
        ('{"flux": [' + "-1," * 60 + "1]}", "above zero"),
        ('{"time": [1, 2], "flux": [' + "1," * 60 + "2]}", "as many"),
        ('{"time": [' + "1," * 60 + '1], "flux": [' + "1," * 60 + "2]}", "time[1]"),
        ('{"time": []}', "flux"),
        ("no json", "JSON"),
    ],
)
def test_a_bad_curve_is_refused_in_words(body: str, words: str, client: TestClient) -> None:
    answer = client.post("/api/predict", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert len(answer.text) < 500


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "no column time and no column flux"),
        (b"time,brightness\n1,2\n", "no column flux"),
        (b"time,flux\n1,2\n2,dim\n", "line 3: 'dim' is not a number"),
        (b"time,flux\n1,2\n2,nan\n", "line 3: 'nan' is not a finite number"),
        (b"time,flux\n1\n", "line 2: it has 1 columns"),
        (b"time,flux\n1,2\n", "too few"),
        (b'time,flux\n"1,2\n', "line"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_a_bad_file_is_refused_in_words(text: bytes, words: str, client: TestClient) -> None:
    answer = client.post("/api/upload", files={"file": ("star.csv", text)})
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_a_large_body_is_refused(client: TestClient) -> None:
    answer = client.post("/api/upload", files={"file": ("star.csv", b"1" * 3_000_000)})
    assert answer.status_code == 413


def test_a_large_body_of_unknown_length_is_refused(client: TestClient) -> None:
    answer = client.post("/api/predict", content=(b" " * 100_000 for _ in range(30)))
    assert answer.status_code == 413


def test_each_example_gets_a_verdict(client: TestClient) -> None:
    names = client.get("/api/examples").json()["examples"]
    assert [example["n"] for example in names] == [1, 2, 3, 4, 5, 6]
    for example in names:
        sample = client.get(f"/api/examples/{example['n']}").json()
        curve = {"time": sample["time"], "flux": sample["flux"]}
        assert client.post("/api/predict", json=curve).status_code == 200


@pytest.mark.parametrize(("n", "status"), [(0, 404), (7, 404), ("x", 422)])
def test_no_such_example(n: object, status: int, client: TestClient) -> None:
    assert client.get(f"/api/examples/{n}").status_code == status


def test_the_model_says_what_it_is(client: TestClient) -> None:
    about = client.get("/api/model").json()
    assert about["version"] == "1"
    assert "60 synthetic light curves" in about["trained_on"]
    assert 0 < about["accuracy"] <= 1
    assert len(about["sha256"]) == 64


def test_counts_and_history(client: TestClient, curve: dict[str, Any]) -> None:
    for _ in range(2):
        client.post("/api/predict", json=curve)
    for extra in range(22):
        client.post("/api/predict", json={"flux": [*FLAT, 1 + extra / 1000]})
    stats = client.get("/api/stats").json()
    assert (stats["predictions"], stats["cached"]) == (24, 1)
    assert stats["transits"] >= 2
    history = client.get("/api/history").json()["history"]
    assert len(history) == 20
    assert history[0]["at"] >= history[-1]["at"]


def test_healthy(client: TestClient) -> None:
    assert client.get("/health/live").status_code == 200
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["checks"]) == (200, {"redis": "ok", "model": "ok"})


def test_without_redis_there_are_verdicts_but_no_health(
    settings: pytest.MonkeyPatch, client: TestClient, curve: dict[str, Any]
) -> None:
    with dead_port() as port, _elsewhere(settings, port) as alone:
        answer = alone.post("/api/predict", json=curve)
        assert (answer.status_code, answer.headers["X-Cache"]) == (200, "BYPASS")
        assert answer.json()["cached"] is False
        for path in ("/api/stats", "/api/history"):
            refused = alone.get(path)
            assert (refused.status_code, "redis" in refused.json()["detail"]) == (503, True)
        health = alone.get("/health")
        assert health.status_code == 503
        assert health.json()["checks"] == {"redis": "ConnectionError", "model": "ok"}
        assert alone.get("/health/live").status_code == 200


def test_a_connection_that_was_cut_is_made_again(client: TestClient, redis: Redis) -> None:
    assert client.get("/health").status_code == 200
    assert redis.client_kill_filter(_type="normal", skipme=True) >= 1
    assert client.get("/health").status_code == 200


def test_a_wrong_password_is_not_health(settings: pytest.MonkeyPatch) -> None:
    settings.delenv("REDIS_PASSWORD_FILE")
    settings.setenv("REDIS_PASSWORD", "wrong")
    get_settings.cache_clear()
    with TestClient(app) as stranger:
        assert stranger.get("/health").json()["checks"]["redis"] == "AuthenticationError"


def test_without_a_model(settings: pytest.MonkeyPatch, model_path: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.joblib"
    settings.setenv("MODEL_PATH", str(later))
    get_settings.cache_clear()
    with TestClient(app) as early:
        assert early.post("/api/predict", json={"flux": FLAT}).status_code == 503
        assert "No such file" in early.get("/health").json()["checks"]["model"]
        later.write_bytes(b"not a model")
        assert "not a model" in early.get("/health").json()["checks"]["model"]
        later.write_bytes(model_path.read_bytes())
        assert early.get("/health").status_code == 200


def test_requests_are_counted(client: TestClient) -> None:
    before = _counted(client, "/api/examples/{n}", "404")
    for n in range(100, 105):
        client.get(f"/api/examples/{n}")
    assert _counted(client, "/api/examples/{n}", "404") == before + 5
    client.get("/nowhere")
    assert _counted(client, "unknown", "404") >= 1


def _counted(client: TestClient, route: str, status: str) -> float:
    start = f'http_requests_total{{method="GET",route="{route}",status="{status}"}} '
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.removeprefix(start)) for line in lines if line.startswith(start))


def test_time_is_bounded_when_redis_says_nothing(settings: pytest.MonkeyPatch) -> None:
    """A listener that never answers: without limits of our own this test would hang."""
    settings.setenv("REDIS_TIMEOUT_SECONDS", "0.2")
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        _elsewhere(settings, silent.getsockname()[1]) as waiting,
    ):
        assert waiting.get("/health").json()["checks"]["redis"] == "TimeoutError"
        assert waiting.post("/api/predict", json={"flux": FLAT}).headers["X-Cache"] == "BYPASS"


def _elsewhere(settings: pytest.MonkeyPatch, port: int) -> TestClient:
    settings.setenv("REDIS_URL", f"redis://127.0.0.1:{port}/0")
    get_settings.cache_clear()
    return TestClient(app)
