"""The command line's own part: versions, exit codes, and errors that become words."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stackproof import __version__
from stackproof.cli import main
from stackproof.errors import Exit, ToolFailed, UserError


def _raises(error: BaseException) -> int:
    def command() -> int:
        raise error

    return main.guarded(command)


@pytest.mark.parametrize("words", [["--version"], ["-V"]])
def test_version(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(words) == Exit.OK
    assert capsys.readouterr().out == f"stackproof {__version__}\n"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UserError("no such folder", fix="Give another."), Exit.USER, "error: no such folder\n  fix: Give another."),
        (ToolFailed("docker is gone", fix="Start it."), Exit.TOOL, "error: docker is gone"),
        (KeyboardInterrupt(), Exit.INTERRUPTED, "interrupted"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x/y"), Exit.TOOL, "Free some space"),
        (OSError(errno.EACCES, os.strerror(errno.EACCES), "x/y"), Exit.TOOL, "right to read and write"),
        (OSError(errno.EIO, os.strerror(errno.EIO), "x/y"), Exit.TOOL, "x/y"),
        (ZeroDivisionError(), Exit.BUG, "bug in stackproof"),
    ],
)
def test_errors_become_words_and_exit_codes(
    error: BaseException, code: Exit, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _raises(error) == code
    said = capsys.readouterr().err
    assert words in said
    assert ("Traceback" in said) is (code is Exit.BUG)


def test_a_closed_pipe_is_no_error() -> None:
    code = "import sys; from stackproof.cli.main import guarded\ndef c(): raise BrokenPipeError\nsys.exit(guarded(c))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == Exit.OK


def test_every_command_has_its_module_and_says_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    for name, says, _ in main.COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main.main([name, "--help"])
        assert ended.value.code == 0
        said = capsys.readouterr().out
        assert says in said
        assert "exit codes:" in said


@pytest.mark.parametrize(
    "words", [[], ["prov"], ["plan", "--nonsense"], ["up", "--env", "test"], ["plan", "--env-fi", "x"]]
)
def test_wrong_words_are_the_users_to_change(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(words)
    assert ended.value.code == Exit.USER


def test_a_plan_of_one_environment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["plan", str(Path(__file__).parents[1] / "examples/tubeatlas"), "--env", "prod"]) == Exit.OK
    said = capsys.readouterr().out
    assert "\nprod: tubeatlas-prod\n" in said
    assert "tubeatlas-dev" not in said


def test_asking_for_the_version_imports_next_to_nothing() -> None:
    code = "import sys; from stackproof.cli.main import main; main(['--version']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    heavy = {"docker", "rich", "yaml", "msgspec", "psutil", "packaging", "stackproof.pipeline", "stackproof.model"}
    assert not heavy & set(loaded)


@pytest.mark.parametrize(
    ("setup", "words"),
    [
        (lambda folder: folder / "nowhere", "no such folder"),
        (lambda folder: folder, "Python"),
    ],
)
def test_nothing_to_plan(setup: object, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(setup)
    assert main.main(["plan", str(setup(tmp_path))]) == Exit.USER
    said = capsys.readouterr().err
    assert words in said
    assert "fix:" in said
