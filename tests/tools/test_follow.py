import sys

import pytest

from stackproof.errors import ToolFailed
from stackproof.tools import command


def test_lines_come_one_by_one_and_the_whole_is_kept() -> None:
    heard: list[str] = []
    script = "import sys; print(sys.stdin.read()); print('b'); print('c', end='')"
    done = command.follow((sys.executable, "-c", script), timeout=20, line=heard.append, stdin=b"a")
    assert heard == ["a", "b"]
    assert (done.exit_code, done.output) == (0, "a\nb\nc")


def test_errors_are_kept_apart() -> None:
    done = command.follow((sys.executable, "-c", "raise SystemExit('no')"), timeout=20, line=lambda _line: None)
    assert (done.exit_code, done.output, done.errors) == (1, "", "no\n")


def test_what_tick_raises_ends_the_program() -> None:
    def tick() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        command.follow((sys.executable, "-c", "input()"), timeout=20, line=lambda _line: None, tick=tick)


def test_a_time_limit_ends_it() -> None:
    done = command.follow((sys.executable, "-c", "import time; time.sleep(60)"), timeout=0.2, line=lambda _line: None)
    assert done.exit_code is None


def test_a_program_that_is_not_there_is_said() -> None:
    with pytest.raises(ToolFailed, match="no-such-program"):
        command.follow(("no-such-program",), timeout=1, line=lambda _line: None)


def test_what_was_run_is_told_in_short_and_without_words_that_may_be_secret() -> None:
    with command.heard() as outer:
        with command.heard() as inner:
            command.run(("sh", "-c", "exit 3"), timeout=10)
        command.follow(("/bin/echo", "secret"), timeout=10, line=lambda _: None)
        command.run(("git", "version"), timeout=10)
    command.run(("true",), timeout=10)
    assert [(ran.command, ran.exit_code) for ran in inner] == [("sh", 3)]
    assert [ran.command for ran in outer] == ["sh", "echo", "git version"]
