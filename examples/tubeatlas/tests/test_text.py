import pytest

from tubeatlas import text


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("", ""),
        ("[Music]", ""),
        ("00:01 Hello\n00:02   there", "Hello there"),
        ("WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nHello <c>you</c>", "Hello you"),
        ("At 7 we [Applause] met 3 people", "At 7 we met 3 people"),
        ("The ratio was 3 : 4", "The ratio was 3 : 4"),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert text.clean(raw) == cleaned


@pytest.mark.parametrize(
    ("words", "expected"),
    [(2, ["a b", "c d", "e"]), (5, ["a b c d e"]), (9, ["a b c d e"])],
)
def test_chunks(words: int, expected: list[str]) -> None:
    assert list(text.chunks("a b c d e", words)) == expected


def test_chunks_of_nothing() -> None:
    assert list(text.chunks(" \n", 3)) == []


def test_statistics() -> None:
    found = text.statistics("The engine and the program. The engine is late.")
    assert (found.words, found.speaking_minutes) == (9, 0.06)
    assert found.top_terms == ("engine", "late", "program")
