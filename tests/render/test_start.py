"""The launcher that fills in secrets: real processes, because it becomes another one."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from stackproof.render.health import stackproof_start

PROGRAM = str(Path(stackproof_start.__file__))
AWKWARD = "a$\"'\\#:@%/ ü&z"


def start(environment: Mapping[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-I", "-S", PROGRAM, *command),
        env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def printing(name: str) -> tuple[str, ...]:
    return sys.executable, "-c", f"import os; print(os.environ.get({name!r}, 'unset'), end='')"


def test_a_mark_becomes_the_quoted_secret(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(AWKWARD + "\n")
    url = f"redis://:<stackproof-secret:{tmp_path}/password>@redis:6379/0"
    done = start({"URL": url}, *printing("URL"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "redis://:a%24%22%27%5C%23%3A%40%25%2F%20%C3%BC%26z@redis:6379/0"


def test_a_mark_alone_becomes_the_secret_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(AWKWARD + "\n")
    done = start({"KEY": f"<stackproof-secret:{tmp_path}/password>"}, *printing("KEY"))
    assert (done.returncode, done.stdout) == (0, AWKWARD)


def test_several_marks_and_plain_text(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1")
    (tmp_path / "two").write_text("2\n\n")
    marks = {
        "A": f"<stackproof-secret:{tmp_path}/one>-<stackproof-secret:{tmp_path}/two>",
        "B": "as it is %41",
        "C": "",
    }
    assert stackproof_start.revealed(marks) == {"A": "1-2%0A", "B": "as it is %41", "C": ""}


def test_an_empty_secret_leaves_its_variable_unset(tmp_path: Path) -> None:
    (tmp_path / "optional").write_text("")
    done = start({"KEY": f"<stackproof-secret:{tmp_path}/optional>"}, *printing("KEY"))
    assert done.stdout == "unset"
    assert stackproof_start.revealed({"KEY": f"<stackproof-secret:{tmp_path}/optional>"}) == {}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = start({"KEY": f"<stackproof-secret:{tmp_path}/nothing>"}, "true")
    assert done.returncode == 78
    assert f"{tmp_path}/nothing" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("command", "code"), [("/no/such/program", 127), (str(Path(__file__).parent), 126)])
def test_a_command_that_cannot_run_is_named(command: str, code: int) -> None:
    done = start({}, command)
    assert done.returncode == code
    assert done.stderr.startswith(f"stackproof: {command} cannot be started")


def test_it_becomes_the_command_with_its_exit_code() -> None:
    assert start({}, sys.executable, "-c", "raise SystemExit(5)").returncode == 5


def test_a_secret_that_is_the_whole_value_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(AWKWARD + "\n")
    assert stackproof_start.revealed({"KEY": f"<stackproof-secret:{tmp_path}/key>"}) == {"KEY": AWKWARD}


def test_in_this_process_it_says_what_it_cannot_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stackproof_start.main([str(tmp_path / "nothing")]) == 127
    assert stackproof_start.main([str(tmp_path)]) == 126
    monkeypatch.setenv("KEY", f"<stackproof-secret:{tmp_path}/nothing>")
    assert stackproof_start.main(["true"]) == 78
    assert "a secret cannot be read" in capsys.readouterr().err
