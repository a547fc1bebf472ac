"""Claims that were left out are named where the others are, with the reason."""

from dataclasses import replace

from stackproof.report import console
from tests.report.sample import RECORD


def test_the_console_says_what_was_not_asked() -> None:
    assert "Not asked" not in console.render(RECORD)
    text = console.render(replace(RECORD, unasked={"SP201-build-time": "cold builds"}))
    assert "\nNot asked\n  SP201-build-time                   cold builds\n" in text
