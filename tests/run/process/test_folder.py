"""The state folder: what is written is read back, whole."""

import os
from pathlib import Path

import pytest

from stackproof.errors import UserError
from stackproof.model.running import Event, ServiceState
from stackproof.run.process import proc
from stackproof.run.process.folder import Folder, Kept, locked
from stackproof.run.process.heal import lives
from stackproof.run.process.proc import Identity

KEPT = Kept(
    "shop-dev", "abc", "boot", Identity(7, 70), 1.5,
    (ServiceState("api", "running", "healthy", pid=8, address="http://127.0.0.1:8000"),),
    {"api": Identity(8, 80)}, {"api": 8000},
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / ".stackproof" / "dev")
    made.make()
    return made


def test_the_state_round_trip(folder: Folder) -> None:
    assert folder.kept() is None
    folder.keep(KEPT)
    assert folder.kept() == KEPT


def test_the_folder_hides_itself_from_git_and_from_other_users(folder: Folder) -> None:
    assert (folder.path / ".gitignore").read_text() == "*\n"
    assert (folder.cache / ".gitignore").read_text() == "*\n"
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.keep(KEPT)
    assert folder.state.stat().st_mode & 0o077 == 0


def test_the_cache_is_the_projects(tmp_path: Path) -> None:
    assert Folder(tmp_path / ".stackproof" / "dev").cache == tmp_path / ".stackproof" / "cache"
    assert Folder(tmp_path / ".stackproof" / "prove" / "prod" / "running").cache == tmp_path / ".stackproof" / "cache"
    assert Folder(tmp_path / "elsewhere" / "dev").cache == tmp_path / "elsewhere" / "cache"


def test_a_state_that_is_not_ours_is_said(folder: Folder) -> None:
    folder.state.write_text('{"stack": 3}')
    with pytest.raises(UserError, match=r"state.json cannot be read"):
        folder.kept()


def test_events_are_read_up_to_a_line_that_a_kill_cut(folder: Folder) -> None:
    folder.events.write_text('{"at":0.5,"service":"api","what":"started","detail":"pid 8"}\n{"at":0.7,"ser')
    assert folder.read_events() == (Event(0.5, "api", "started", "pid 8"),)


def test_down_keeps_volumes_and_logs_until_they_are_to_go(folder: Folder) -> None:
    folder.keep(KEPT)
    for part in (folder.scratch("api"), folder.volume("data"), folder.log("api").parent):
        part.mkdir(parents=True)
    folder.clear()
    assert sorted(entry.name for entry in folder.path.iterdir()) == [".gitignore", "logs", "volumes"]
    assert folder.forget() == ("data",)
    assert [entry.name for entry in folder.path.iterdir()] == [".gitignore"]


def test_a_lock_says_who_holds_it(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with (
        locked(lock, "in use by {holder}"),
        pytest.raises(UserError, match=f"in use by pid {os.getpid()}"),
        locked(lock, "in use by {holder}"),
    ):
        raise AssertionError("two had the lock")
    with locked(lock, "in use by {holder}"):
        pass


def test_a_process_is_its_number_and_its_start() -> None:
    ourselves = proc.ourselves()
    recycled = Identity(ourselves.pid, ourselves.start + 1)
    assert proc.alive(ourselves)
    assert not proc.alive(recycled)
    assert not proc.kill(recycled)


def test_a_record_of_another_boot_or_a_recycled_number_is_dead() -> None:
    ourselves = proc.ourselves()
    assert lives(Kept("s", "i", proc.boot(), ourselves, 0.0))
    assert not lives(Kept("s", "i", "another boot", ourselves, 0.0))
    assert not lives(Kept("s", "i", proc.boot(), Identity(ourselves.pid, 1), 0.0))
