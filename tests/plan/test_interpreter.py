"""The Python of the image: wheels of the lock and syntax of the code decide where the project leaves it open."""

import pytest

from stackproof.errors import UserError
from stackproof.model.facts import Binary, Fact, PythonVersion, Syntax
from stackproof.model.source import Place
from stackproof.plan import interpreter
from tests.plan.small import PIP, given

HERE = Place("uv.lock", 1)


def wants(specifier: str) -> PythonVersion:
    return PythonVersion(specifier, False, HERE)


def wheels(*pythons: str) -> Binary:
    return Binary("numpy", pythons, HERE)


TYPES = Syntax("3.12", "a type statement", HERE)


@pytest.mark.parametrize(
    ("facts", "version"),
    [
        ((wheels("3.11", "3.12"),), "3.12"),
        ((wheels("3.9+"),), "3.15"),
        ((wheels("3.12"), wants(">=3.11")), "3.12"),
        ((wheels("3.9"), wants(">=3.11")), "3.11"),
        ((Binary("thing", (), HERE),), "3.13"),
        ((TYPES, wants(">=3.10")), "3.12"),
        ((TYPES, wants("<3.12")), "3.11"),
        ((Syntax("3.14", "x", HERE),), "3.14"),
        ((wants(">=3.10"), wants("<3.13,>=3.12")), "3.12"),
    ],
)
def test_the_line(facts: tuple[Fact, ...], version: str) -> None:
    assert interpreter.python(given(PIP, *facts)).version == version


@pytest.mark.parametrize(
    ("facts", "said", "settings"),
    [
        ((wheels("3.12"), wants(">=3.11")), "", []),
        ((wheels("3.12"),), 'python = "3.13"', ['python = "3.12"']),
        ((wheels("3.8"),), "", ['python = "a version that they have wheels for"']),
        ((TYPES,), 'python = "3.11"', ['python = "3.12"']),
        ((), 'python = "3.10"', ['python = "3.13"']),
    ],
)
def test_notes(facts: tuple[Fact, ...], said: str, settings: list[str]) -> None:
    assert [note.setting for note in interpreter.notes(given(PIP, *facts, said=said))] == settings


def test_a_note_names_a_few_packages() -> None:
    many = [Binary(f"p{number}", ("3.8",), HERE) for number in range(5)]
    (note,) = interpreter.notes(given(PIP, *many))
    assert "no wheel of p0, p1, p2, p3 and more for it" in note.because


@pytest.mark.parametrize(("pin", "said"), [("3.9", "security fixes ended 2025-10"), ("2.7", "none that we know")])
def test_a_python_that_is_not_offered_is_refused_with_the_reason(pin: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        interpreter.python(given(PIP, PythonVersion(pin, True, HERE)))
