"""The scripts that run inside services, called here with small stand-ins for what they meet there."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

from stackproof.prove.inside import celery_queues, log_files


@dataclass
class FakeMessage:
    id: str
    fate: list[str]

    @property
    def headers(self) -> dict[str, str]:
        return {"id": self.id}

    def ack(self) -> None:
        self.fate.append(f"ack {self.id}")

    def requeue(self) -> None:
        self.fate.append(f"requeue {self.id}")


@dataclass
class FakeChannel:
    """A queue with these messages in it."""

    waiting: list[str]
    fate: list[str] = field(default_factory=list)

    def queue_declare(self, *, queue: str, passive: bool) -> SimpleNamespace:
        assert queue
        assert passive
        return SimpleNamespace(message_count=len(self.waiting))

    def basic_get(self, queue: str) -> FakeMessage | None:
        assert queue
        return FakeMessage(self.waiting.pop(0), self.fate) if self.waiting else None


def _removed(channel: FakeChannel) -> bool:
    connection = SimpleNamespace(default_channel=channel, channel_errors=(KeyError,))
    return celery_queues._remove(connection, "mail", "ours")


def test_our_message_is_taken_out_and_the_others_go_back() -> None:
    channel = FakeChannel(["first", "second", "ours", "last"])
    assert _removed(channel)
    assert channel.fate == ["ack ours", "requeue second", "requeue first"]
    assert channel.waiting == ["last"]


def test_a_message_that_is_gone_meanwhile_is_not_removed() -> None:
    channel = FakeChannel(["another"])
    assert not _removed(channel)
    assert channel.fate == ["requeue another"]


def test_a_route_that_matches_no_task_is_dead() -> None:
    routes = {"shop.mail.*": {"queue": "mail"}, "shop.pay": {"queue": "pay"}, "shop.gone": {"queue": "gone"}}
    app = SimpleNamespace(conf=SimpleNamespace(task_routes=routes))
    assert celery_queues._dead(app, ["shop.mail.send", "shop.pay"]) == ["shop.gone"]


def test_routes_that_are_no_table_have_no_patterns() -> None:
    app = SimpleNamespace(conf=SimpleNamespace(task_routes=("shop.router",)))
    assert celery_queues._dead(app, ["shop.pay"]) == []


def test_files_that_look_like_logs_are_found_and_others_are_not(tmp_path: Path) -> None:
    for name in ("app.log", "app.log.1", "logs/today", "data.db", ".venv/pip.log", ".stackproof/api.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    ours = {Path(path).relative_to(tmp_path).as_posix() for path in log_files._lying([tmp_path])}
    assert ours == {"app.log", "app.log.1", "logs/today"}


def test_a_log_held_open_is_found_by_its_process(tmp_path: Path) -> None:
    with (tmp_path / "app.log").open("w"):
        assert log_files._held_open([tmp_path]) == {str(tmp_path / "app.log"): 0}
