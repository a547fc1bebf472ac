"""The user's file of variables."""

import pytest

from stackproof.errors import UserError
from stackproof.run.process.env_file import parse


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=1", "1"),
        (" export A = 1 ", "1"),
        ("A=", ""),
        ("A=a b # said", "a b"),
        ("A=#said", ""),
        ("A=a#b", "a#b"),
        ("A='a # b'", "a # b"),
        ('A="a b"  # said', "a b"),
        ("A=pa$$w${ORD}", "pa$$w${ORD}"),  # nothing is expanded
        ("A=x=y", "x=y"),
        ("A='it", "'it"),
    ],
)
def test_a_line(line: str, value: str) -> None:
    assert parse(line, "dev.env") == {"A": value}


def test_comments_and_empty_lines_say_nothing() -> None:
    assert parse("# A=1\n\n  \nB=2\nB=3\n", "dev.env") == {"B": "3"}


def test_anything_else_is_named_with_its_line() -> None:
    with pytest.raises(UserError, match=r"dev.env:2: not a NAME=value line"):
        parse("A=1\nwhat is this\n", "dev.env")
