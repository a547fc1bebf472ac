"""Values of a Compose document."""

import pytest

from stackproof.adopt import reading


@pytest.mark.parametrize(("said", "found"), [(True, "true"), (None, ""), ({}, ""), (8000, "8000"), ("a", "a")])
def test_texts(said: object, found: str) -> None:
    assert reading.text(said) == found


def test_lists_and_names() -> None:
    assert reading.texts(None) == ()
    assert reading.texts("a") == ("a",)
    assert reading.texts(["a", 1]) == ("a", "1")
    assert reading.names({"a": None}) == ("a",)
    assert reading.names(["a"]) == ("a",)
    assert reading.nodes("a") == ()


@pytest.mark.parametrize(("said", "found"), [("1m30s", 90.0), ("250ms", 0.25), (None, 7.0), ("soon", 7.0)])
def test_durations(said: object, found: float) -> None:
    assert reading.seconds(said, 7.0) == found


@pytest.mark.parametrize(
    ("said", "found"), [("268435456", 256), ("256M", 256), ("1g", 1024), ("1.5GiB", 1536), (None, 0)]
)
def test_sizes(said: object, found: int) -> None:
    assert reading.megabytes(said) == found


def test_numbers() -> None:
    assert (reading.number("0.5"), reading.number(None)) == (0.5, 0.0)
    assert (reading.whole("8000"), reading.whole("8000-8010")) == (8000, None)
