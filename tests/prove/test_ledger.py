"""What a proof made is removed: by itself, or by the next one after it was killed."""

from pathlib import Path

import pytest

from stackproof.errors import UserError
from stackproof.prove.ledger import Ledger


def test_folders_and_images_are_removed_at_the_end(tmp_path: Path) -> None:
    gone: list[str] = []
    with Ledger(tmp_path / "state", gone.append) as ledger:
        folder = ledger.folder()
        (folder / "file").write_text("x")
        ledger.add("image", "shop:prod")
    assert not folder.exists()
    assert gone == ["shop:prod"]
    assert (tmp_path / "state" / "ledger").read_text() == ""
    assert (tmp_path / "state" / ".gitignore").read_text() == "*\n"


def test_what_a_killed_proof_left_is_known(tmp_path: Path) -> None:
    folder = tmp_path / "left"
    folder.mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "ledger").write_text(f"folder {folder}\nimage shop:a b\nstack shop-prove\n")
    gone: list[str] = []
    with Ledger(tmp_path / "state", gone.append) as ledger:
        assert ledger.left("stack") == ("shop-prove",)
        ledger.sweep()
        assert not folder.exists()
        assert gone == ["shop:a b"]
        assert ledger.left("image") == ()


def test_images_stay_listed_where_there_is_no_engine(tmp_path: Path) -> None:
    with Ledger(tmp_path / "state", None) as ledger:
        ledger.add("image", "shop:prod")
    with Ledger(tmp_path / "state", None) as ledger:
        assert ledger.left("image") == ("shop:prod",)


def test_one_proof_at_a_time(tmp_path: Path) -> None:
    with Ledger(tmp_path / "state", None), pytest.raises(UserError, match="another proof"):
        Ledger(tmp_path / "state", None).__enter__()
    with Ledger(tmp_path / "state", None):
        pass
