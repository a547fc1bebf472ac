"""Progress as plain lines: one a step, with how far the whole is."""

import pytest

from stackproof.cli.console import progress
from stackproof.model.work import Progress


def test_lines_say_what_begins_what_is_next_and_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(quiet=False) as note:
        note(Progress("prove", "SP301", "It is fast.", "begun", "1 of 2, then SP302, at most 9 s left"))
        note(Progress("build", "app", "#7 COPY"))
        note(Progress("prove", "SP301", "proved: after 4 s", "done"))
    assert capsys.readouterr().err.splitlines() == [
        ".. prove SP301: It is fast. (1 of 2, then SP302, at most 9 s left)",
        "ok prove SP301: proved: after 4 s",
    ]


def test_a_terminal_keeps_the_verdicts_and_what_is_ahead(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "140")
    with progress(quiet=False) as note:
        note(Progress("prove", "SP301", "It is fast.", "begun", "1 of 2, then SP302"))
        note(Progress("prove", "SP301", "proved: after 4 s", "done"))
    said = capsys.readouterr().err
    assert "proved: after 4 s" in said
    assert "1 of 2, then SP302" in said
