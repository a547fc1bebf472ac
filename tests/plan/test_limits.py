"""Limits of a file of their own, over those of a record."""

import pytest

from stackproof.errors import UserError
from stackproof.model.stack import Bounds
from stackproof.plan.settings import limits

RECORDED = Bounds(build_seconds=100.0, image_bytes=500, ready_seconds=9.0)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ci/limits.toml", "[bounds]\nimage_bytes = 400\n"),
        ("stackproof.toml", 'name = "shop"\n[bounds]\nimage_bytes = 400\n[services.api]\nport = 8000\n'),
        ("shop/pyproject.toml", "[project]\nname = 'shop'\n[tool.stackproof.bounds]\nimage_bytes = 400\n"),
        ("pyproject.toml", "[tool.stackproof.bounds]\nimage_bytes = 400\n"),
    ],
)
def test_what_the_file_does_not_say_stays(path: str, text: str) -> None:
    assert limits(text.encode(), path, RECORDED) == Bounds(build_seconds=100.0, image_bytes=400, ready_seconds=9.0)


def test_what_the_file_says_counts_even_where_it_is_the_default() -> None:
    assert limits(b"[bounds]\nready_seconds = 30\n", "limits.toml", RECORDED).ready_seconds == 30.0


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("limits.toml", "", "limits.toml: has no limits"),
        ("pyproject.toml", "[project]\nname = 'shop'\n", "pyproject.toml: has no limits"),
        ("limits.toml", "[bounds]\nimage_byte = 1\n", r"limits.toml:2: unknown key 'bounds.image_byte'; did you mean"),
        ("limits.toml", "image_bytes = 1\n", "limits.toml:1: unknown key"),
        ("limits.toml", "[bounds]\nimage_bytes = -1\n", "limits.toml:2: bounds.image_bytes is -1"),
        ("limits.toml", "[bounds\n", "limits.toml:1: not TOML"),
    ],
)
def test_every_problem_has_its_line(path: str, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        limits(text.encode(), path, RECORDED)
