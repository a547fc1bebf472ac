"""The scripts that run inside images, tried on small folders."""

import json
from pathlib import Path

import pytest

from stackproof.errors import ToolFailed
from stackproof.model.running import Completed
from stackproof.prove import inside
from stackproof.prove.inside import contents, importing, user, writable


def test_a_script_prints_the_answer_as_its_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    exec(inside.script("user"), {"__name__": "script"})
    output = capsys.readouterr().out
    assert inside.answer(Completed((), 0, 0.0, f"noise\n{output}")) == json.loads(json.dumps(user.look()))


def test_a_script_that_failed_is_a_failed_tool() -> None:
    with pytest.raises(ToolFailed, match="no such module"):
        inside.answer(Completed(("python",), 1, 0.0, "", "no such module"))


def test_modules_are_imported_with_the_given_environment() -> None:
    assert importing.look(["json", "email.message"], {"STACKPROOF_TEST_ONLY": "1"}) == {
        "imported": ["json", "email.message"]
    }


def test_what_can_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.py").write_text("")
    (tmp_path / "code" / "data").mkdir()
    (tmp_path / "code" / "data" / "db").write_text("")
    (tmp_path / "code" / "link").symlink_to("/proc/version")
    found = writable.look(
        [str(tmp_path / "code")], [str(tmp_path / "code" / "data")], 100, [str(tmp_path / "not-there")]
    )
    assert {str(tmp_path / "code"), str(tmp_path / "code" / "a.py")} <= set(_texts(found["writable"]))
    assert not [path for path in _texts(found["writable"]) if "data" in path or "link" in path]


def test_a_volume_over_the_code_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    found = writable.look([str(tmp_path)], [str(tmp_path)], 100, [])
    assert str(tmp_path / "a.py") in _texts(found["writable"])


@pytest.mark.parametrize("name", ["gcc", "gcc-12", "x86_64-linux-gnu-gcc-12", "pip3.11", "g++"])
def test_programs_are_known_by_any_of_their_names(name: str) -> None:
    assert contents.named(f"/usr/bin/{name}", ["gcc", "pip", "g++"])


@pytest.mark.parametrize("name", ["gccgo-doc", "python3.11", "pipe", "cc1-notes"])
def test_other_programs_are_not_taken_for_them(name: str) -> None:
    assert not contents.named(f"/usr/bin/{name}", ["gcc", "pip", "g++", "cc"])


def test_packages_are_found_on_the_import_path(tmp_path: Path) -> None:
    (tmp_path / "pytest").mkdir()
    (tmp_path / "nox.py").write_text("")
    found = contents._packages(["pytest", "nox", "tox"], [str(tmp_path)])
    assert sorted(found) == [str(tmp_path / "nox.py"), str(tmp_path / "pytest")]


def _texts(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(item) for item in value]
