"""Four real workers: what they count, cache and measure is one truth."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis import Redis

PATIENCE = 120
WORKERS = 4


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def server(environment: dict[str, str], log: Path) -> Iterator[str]:
    counts = log.parent / "counts"
    counts.mkdir()
    command = (sys.executable, "-m", "uvicorn", "exoplanet.main:app", "--port", "0")
    options = ("--workers", str(WORKERS), "--timeout-worker-healthcheck", str(PATIENCE))
    variables = {**os.environ, **environment, "PROMETHEUS_MULTIPROC_DIR": str(counts)}
    with log.open("w") as out:
        process = subprocess.Popen(
            (*command, *options), env=variables, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        _until(lambda: _address(log) is not None, process)
        url = _address(log) or ""
        _until(lambda: _answers(url), process)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()


def _address(log: Path) -> str | None:
    found = re.search(r"running on (http://127\.0\.0\.1:\d+)", log.read_text())
    return found[1] if found else None


def test_workers_share_counts_cache_and_metrics(server: str, redis: Redis) -> None:
    examples = [_get(f"{server}/api/examples/{n}").json() for n in range(1, 7)]
    curves = [{"time": sample["time"], "flux": sample["flux"]} for sample in examples]
    seen: list[dict[str, Any]] = []

    def _all_workers_seen() -> bool:
        with ThreadPoolExecutor(8) as many:
            seen.extend(many.map(lambda curve: _predict(server, curve), curves * 4))
        return len({answer["worker"] for answer in seen}) == WORKERS

    _until(_all_workers_seen)
    assert redis.hget("exoplanet:counts", "predictions") == str(len(seen))
    stats = _get(f"{server}/api/stats").json()
    assert stats["predictions"] == len(seen)
    assert stats["cached"] == sum(answer["cached"] for answer in seen)
    assert stats["transits"] == sum(answer["verdict"] == "transit" for answer in seen)
    verdicts = {(answer["period"], answer["probability"]) for answer in seen}
    assert len(verdicts) == len(curves)
    assert len(_get(f"{server}/api/history").json()["history"]) == 20
    for _ in range(5):  # whichever worker answers
        assert _counted(server) == len(seen)


def test_logs_are_json(server: str, log: Path) -> None:
    _get(f"{server}/api/examples/99")
    _until(lambda: _logged(log, "/api/examples/99") is not None)
    entry = _logged(log, "/api/examples/99") or {}
    assert (entry["method"], entry["status"], entry["level"]) == ("GET", 404, "INFO")


def _logged(log: Path, path: str) -> dict[str, Any] | None:
    """The entry of one request; the last line may be only half written."""
    lines = log.read_text().rpartition("\n")[0].splitlines()
    entries = [json.loads(line) for line in lines if line.startswith("{")]
    return next((entry for entry in entries if entry.get("path") == path), None)


def _get(url: str) -> httpx2.Response:
    return httpx2.get(url, timeout=PATIENCE)


def _predict(server: str, curve: dict[str, Any]) -> dict[str, Any]:
    answer = httpx2.post(f"{server}/api/predict", json=curve, timeout=PATIENCE)
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


def _counted(server: str) -> float:
    start = 'http_requests_total{method="POST",route="/api/predict",status="200"} '
    lines = _get(f"{server}/metrics").text.splitlines()
    return sum(float(line.removeprefix(start)) for line in lines if line.startswith(start))


def _answers(url: str) -> bool:
    try:
        return _get(f"{url}/health").status_code == 200
    except httpx2.TransportError:
        return False


def _until(true: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert process is None or process.poll() is None, "the server ended"
        assert time.monotonic() < deadline, f"not within {PATIENCE} s"
        time.sleep(0.1)
