"""The probe helpers as they run: as programs of their own, and inside Celery's signals."""

import importlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from stackproof.model.facts import BeatEntry
from stackproof.model.source import Place
from stackproof.model.stack import ENVIRONMENTS
from stackproof.render import health
from stackproof.render.health import stackproof_probe
from tests.plan.small import JOBS, SHOP, stack


class _Answers(BaseHTTPRequestHandler):
    """/200 answers 200, /302 redirects to it, and so on."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.removeprefix("/")))
        self.send_header("Location", "/200")
        self.end_headers()
        self.wfile.write(b"words")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def port() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield str(server.server_port)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("path", "said"), [("/200", ""), ("/302", "302 words"), ("/503", "503 words")])
def test_only_200_is_healthy(port: str, path: str, said: str) -> None:
    assert stackproof_probe.http(port, path) == said


def test_nobody_there_is_not_healthy() -> None:
    assert stackproof_probe.http("1", "/").startswith("no answer: ConnectionRefusedError")


def test_a_heartbeat_has_an_age(tmp_path: Path) -> None:
    file = tmp_path / "beat"
    assert stackproof_probe.heartbeat(str(file), "10") == "no heartbeat yet"
    file.touch()
    assert stackproof_probe.heartbeat(str(file), "10") == ""
    os.utime(file, (1, 1))
    assert stackproof_probe.heartbeat(str(file), "10").startswith("the last heartbeat was ")


def test_the_exit_code_and_the_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert stackproof_probe.main("heartbeat", str(tmp_path / "none"), "1") == 1
    assert capsys.readouterr().out == "no heartbeat yet"
    (tmp_path / "beat").touch()
    assert stackproof_probe.main("heartbeat", str(tmp_path / "beat"), "100") == 0
    assert capsys.readouterr().out == "healthy"


def test_it_runs_without_anything_installed(tmp_path: Path) -> None:
    (artifact, *_) = health.render({"prod": stack(*SHOP)})
    (tmp_path / "probe.py").write_text(artifact.text)
    command = (sys.executable, "-I", "-S", str(tmp_path / "probe.py"), "heartbeat", "/none", "1")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "no heartbeat yet", "")


class _Signal:
    """What Celery's signals do for us: keep receivers, call them."""

    def __init__(self) -> None:
        self.receivers: list[Callable[..., None]] = []

    def connect(self, receiver: Callable[..., None]) -> Callable[..., None]:
        self.receivers.append(receiver)
        return receiver

    def send(self) -> None:
        for receiver in self.receivers:
            receiver(sender=None)


class _Scheduler:
    def tick(self, *_: Any) -> float:  # noqa: ANN401
        return 4.0


@pytest.fixture
def heartbeat(tmp_path: Path) -> Iterator[tuple[ModuleType, ModuleType, Path]]:
    """The helper, imported beside a Celery that is only its signals and its scheduler."""
    signals, beat = ModuleType("celery.signals"), ModuleType("celery.beat")
    for name in ("heartbeat_sent", "worker_ready", "worker_shutdown"):
        setattr(signals, name, _Signal())
    beat.PersistentScheduler = _Scheduler  # type: ignore[attr-defined]
    fakes = {"celery": ModuleType("celery"), "celery.signals": signals, "celery.beat": beat}
    file = tmp_path / "heartbeat"
    os.environ["STACKPROOF_HEARTBEAT"] = str(file)
    sys.modules.update(fakes)
    yield importlib.import_module("stackproof.render.health.stackproof_heartbeat"), signals, file
    del os.environ["STACKPROOF_HEARTBEAT"]
    for name in (*fakes, "stackproof.render.health.stackproof_heartbeat"):
        del sys.modules[name]


def test_a_worker_lives_from_ready_to_shutdown(heartbeat: tuple[ModuleType, ModuleType, Path]) -> None:
    _, signals, file = heartbeat
    signals.heartbeat_sent.send()
    assert not file.exists()  # it sends heartbeats before it consumes anything
    signals.worker_ready.send()
    os.utime(file, (1, 1))
    signals.heartbeat_sent.send()
    assert file.stat().st_mtime > 1
    signals.worker_shutdown.send()
    signals.worker_shutdown.send()
    assert not file.exists()


def test_beat_lives_while_it_ticks(heartbeat: tuple[ModuleType, ModuleType, Path]) -> None:
    module, _, file = heartbeat
    assert module.BeatScheduler().tick() == 4.0
    assert file.exists()


def test_another_scheduler_lives_while_it_ticks(heartbeat: tuple[ModuleType, ModuleType, Path]) -> None:
    imports = ModuleType("celery.utils.imports")
    imports.symbol_by_name = {"django_celery_beat.schedulers:DatabaseScheduler": _Scheduler}.__getitem__  # type: ignore[attr-defined]
    fakes = {"celery.utils": ModuleType("celery.utils"), "celery.utils.imports": imports}
    sys.modules.update(fakes)
    os.environ["STACKPROOF_SCHEDULER"] = "django_celery_beat.schedulers:DatabaseScheduler"
    module = importlib.import_module("stackproof.render.health.stackproof_beat")
    for name in (*fakes, "stackproof.render.health.stackproof_beat"):
        del sys.modules[name]
    del os.environ["STACKPROOF_SCHEDULER"]
    assert module.BeatScheduler().tick() == 4.0
    assert heartbeat[2].exists()


def test_celerys_part_is_there_only_where_celery_is() -> None:
    def paths(*facts: Any) -> list[str]:  # noqa: ANN401
        return [each.path for each in health.render({name: stack(*facts, environment=name) for name in ENVIRONMENTS})]

    assert paths(*SHOP) == ["deploy/health/stackproof_probe.py"]
    assert paths(*JOBS)[:2] == ["deploy/health/stackproof_probe.py", "deploy/health/stackproof_heartbeat.py"]
    entry = BeatEntry("x.Scheduler", Place("shop/jobs.py", 4), "x.Scheduler")
    assert paths(*JOBS, entry)[2] == "deploy/health/stackproof_beat.py"
