"""A file is taken away and comes back, whatever happens."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from stackproof.errors import UserError
from stackproof.run.process import away, proc
from stackproof.run.process.folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / ".stackproof" / "dev")
    made.make()
    (tmp_path / "a.db").write_text("rows")
    (tmp_path / "a.db-wal").write_text("log")
    return made


def test_it_comes_back_with_its_log_and_over_what_was_made_meanwhile(tmp_path: Path, folder: Folder) -> None:
    with away.taken(tmp_path / "a.db", folder):
        assert not list(tmp_path.glob("a.db")) + list(tmp_path.glob("a.db-wal"))
        (tmp_path / "a.db").write_text("new and empty")
        (tmp_path / "a.db-shm").write_text("index of the new one")
    assert (tmp_path / "a.db").read_text() == "rows"
    assert (tmp_path / "a.db-wal").read_text() == "log"
    assert not (tmp_path / "a.db-shm").exists()
    assert not folder.away.exists()


def test_it_comes_back_after_an_error(tmp_path: Path, folder: Folder) -> None:
    with pytest.raises(ZeroDivisionError), away.taken(tmp_path / "a.db", folder):
        _ = 1 / 0
    assert (tmp_path / "a.db").read_text() == "rows"


def test_the_next_command_puts_back_what_a_dead_one_took(tmp_path: Path, folder: Folder) -> None:
    taking = away.taken(tmp_path / "a.db", folder)
    taking.__enter__()
    assert away.heal(folder) == ()  # the one who took it lives
    journal = msgspec.json.decode(folder.away.read_bytes(), type=away.Taken)
    dead = replace(journal, by=replace(proc.ourselves(), start=1))
    folder.away.write_bytes(msgspec.json.encode(dead))
    assert away.heal(folder) == (str(tmp_path / "a.db"), str(tmp_path / "a.db-wal"))
    assert (tmp_path / "a.db").read_text() == "rows"
    assert away.heal(folder) == ()


def test_a_file_that_is_not_there_is_said(tmp_path: Path, folder: Folder) -> None:
    with pytest.raises(UserError, match=r"b.db is not there"), away.taken(tmp_path / "b.db", folder):
        pass
