import json
import logging
import os
import signal
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from kombu.exceptions import OperationalError
from redis import Redis
from werkzeug.test import TestResponse

from conftest import TEXT
from src.app import create_app, tasks
from src.app.logs import JsonLines
from src.app.settings import Settings

NOBODY = "11111111-2222-4333-8444-555555555555"


def _submit(client: FlaskClient, text: str = TEXT, title: str = "Engines") -> TestResponse:
    return client.post("/api/jobs", json={"title": title, "text": text})


def test_a_job_from_submission_to_download(client: FlaskClient) -> None:
    submitted = _submit(client)
    assert submitted.status_code == 202
    job = submitted.get_json()
    assert job["state"] == "queued"
    path = f"/api/jobs/{job['id']}"
    status = client.get(path).get_json()
    assert (status["state"], status["progress"], status["completions"]) == ("done", 100, 1)
    result = client.get(f"{path}/result", buffered=True)
    assert result.get_json()["title"] == "Engines"
    file = client.get(f"{path}/download", buffered=True)
    assert file.data == result.data
    assert file.headers["Content-Disposition"].startswith("attachment; filename=analysis-")


@pytest.mark.parametrize("path", ["", "/result", "/download"])
def test_unknown(path: str, client: FlaskClient) -> None:
    answer = client.get(f"/api/jobs/{NOBODY}{path}")
    assert (answer.status_code, answer.get_json()) == (404, {"error": "no such job"})


@pytest.mark.parametrize("job_id", ["nobody", "..%2f..%2fetc", NOBODY.upper() + "x"])
def test_no_id_at_all(job_id: str, client: FlaskClient) -> None:
    assert client.get(f"/api/jobs/{job_id}/result").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"title": "x"},
        {"title": "", "text": "words"},
        {"title": " ", "text": "words"},
        {"title": "x" * 201, "text": "words"},
        {"title": "x", "text": "... !"},
        {"title": "x", "text": 5},
        {"title": "x", "text": "half \ud800 of it"},
    ],
)
def test_refused(body: object, client: FlaskClient, output: Path) -> None:
    answer = client.post("/api/jobs", json=body)
    assert answer.status_code == 400
    assert answer.get_json()["error"]
    assert not output.exists()


def test_a_form_of_another_site_is_refused(client: FlaskClient) -> None:
    assert client.post("/api/jobs", data='{"title": "x", "text": "y"}').status_code == 415


def test_a_large_body_is_refused(client: FlaskClient) -> None:
    answer = _submit(client, "x" * 2_000_000)
    assert answer.status_code == 413
    assert answer.get_json()["error"]


def test_visitors_see_their_own_jobs() -> None:
    app = create_app()
    ada, ken = app.test_client(), app.test_client()
    for number in range(11):
        assert _submit(ada, title=f"Job <{number}>", text="Few words.").status_code == 202
        ada.set_cookie("session", _cookie(ada), secure=False)
    assert [job["title"] for job in ada.get("/api/jobs").get_json()] == [
        f"Job <{number}>" for number in range(10, 0, -1)
    ]
    page = ada.get("/").text
    assert "Job &lt;10&gt;" in page
    assert "Job <10>" not in page
    assert ken.get("/api/jobs").get_json() == []


def _cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found
    assert found.secure
    assert found.http_only
    return found.value


def test_the_page_takes_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Action items" in page.text
    assert "://" not in page.text
    for name in ("app.css", "app.js", "live.js", "icon.svg"):
        assert client.get(f"/static/{name}", buffered=True).status_code == 200
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_no_result_before_the_end(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.start, "apply_async", lambda *_, **__: None)
    job_id = _submit(client).get_json()["id"]
    answer = client.get(f"/api/jobs/{job_id}/result")
    assert answer.status_code == 409
    assert answer.get_json() == {"error": "the job is queued, it has no result"}


def test_a_result_that_is_gone(client: FlaskClient, output: Path) -> None:
    job_id = _submit(client).get_json()["id"]
    (output / job_id / tasks.RESULT).unlink()
    assert client.get(f"/api/jobs/{job_id}/result").get_json() == {"error": "the result is gone"}


def test_without_the_queue_nothing_is_kept(
    client: FlaskClient, redis: "Redis", output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OperationalError("refused")

    monkeypatch.setattr(tasks.start, "apply_async", unreachable)
    assert _submit(client).status_code == 503
    assert redis.keys("*") == []
    assert list(output.iterdir()) == []


def test_ready_and_live(client: FlaskClient) -> None:
    answer = client.get("/api/health")
    assert answer.get_json() == {"status": "ok", "checks": {"redis": "ok", "output": "ok"}}
    assert answer.status_code == 200
    assert client.get("/api/health/live").get_json() == {"status": "ok"}


def test_a_dead_redis(output: Path) -> None:
    client = create_app(Settings(redis_url="redis://127.0.0.1:1/0")).test_client()
    answer = client.get("/api/health")
    assert answer.status_code == 503
    assert answer.get_json()["checks"] == {"redis": "ConnectionError", "output": "ok"}
    assert client.get("/api/health/live").status_code == 200
    assert client.get(f"/api/jobs/{NOBODY}").status_code == 503
    assert _submit(client).status_code == 503
    assert list(output.iterdir()) == []


def test_the_page_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(
        Settings(redis_url="redis://127.0.0.1:1/0", cookie_secure=False)
    ).test_client()
    with client.session_transaction() as cookie:
        cookie["jobs"] = [NOBODY]
    page = client.get("/")
    assert page.status_code == 503
    assert "The job store cannot be reached" in page.text


def test_a_wrong_password() -> None:
    client = create_app(Settings(redis_password="wrong")).test_client()
    assert client.get("/api/health").get_json()["checks"]["redis"] == "AuthenticationError"


def test_a_silent_redis_and_its_return(client: FlaskClient, redis: "Redis") -> None:
    info = redis.info("server")
    assert isinstance(info, dict)
    os.kill(info["process_id"], signal.SIGSTOP)
    try:
        answer = client.get("/api/health")
    finally:
        os.kill(info["process_id"], signal.SIGCONT)
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["redis"] != "ok"
    deadline = time.monotonic() + 60
    while client.get("/api/health").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    client = create_app(Settings(output_dir=tmp_path / "file" / "jobs")).test_client()
    answer = client.get("/api/health")
    assert answer.status_code == 503
    assert answer.get_json()["checks"] == {"redis": "ok", "output": "NotADirectoryError"}
    assert _submit(client).status_code == 503


def test_requests_are_counted_by_route(client: FlaskClient) -> None:
    for path in ("/api/health/live", "/api/health/live", f"/api/jobs/{NOBODY}", "/made/up"):
        client.get(path)
    page = client.get("/metrics").text
    for line in (
        'http_requests_total{method="GET",route="/api/health/live",status="200"} 2.0',
        'http_requests_total{method="GET",route="/api/jobs/<uuid:job_id>",status="404"} 1.0',
        'http_requests_total{method="GET",route="none",status="404"} 1.0',
    ):
        assert line in page


@pytest.mark.parametrize(("proxies", "client_address"), [(0, "127.0.0.1"), (1, "203.0.113.7")])
def test_only_trusted_proxies_are_believed(
    proxies: int, client_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(Settings(trusted_proxies=proxies)).test_client()
    logging.getLogger().addHandler(caplog.handler)
    with caplog.at_level(logging.INFO):
        client.get("/api/health/live", headers={"X-Forwarded-For": "203.0.113.7"})
    logging.getLogger().removeHandler(caplog.handler)
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert [line["client"] for line in lines if line["message"] == "request"] == [client_address]


def test_a_signing_key_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "")
    with pytest.raises(ValueError, match="SECRET_KEY"):
        create_app(Settings())
