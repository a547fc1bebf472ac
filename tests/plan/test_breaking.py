"""Known breaks: constrained where nothing pins, said where a lock pins them, silent where the project is safe."""

import pytest

from stackproof.model.facts import Backend, Fact, Installer, Requirement, Unmet
from stackproof.model.source import Place
from stackproof.plan import breaking
from tests.plan.small import ASGI, FLASK, PIP, READY, ROOT, given, locked, stack

HERE = Place("requirements.txt", 1)
BARE = Installer("pip", "requirements.txt", None, None, (), HERE)
REDIS = Backend("redis", "REDIS_URL", None, HERE)


def wants(name: str, specifier: str = "", *extras: str) -> Requirement:
    return Requirement(name, specifier, "", extras, HERE)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((wants("passlib"),), ("bcrypt<5",)),
        ((wants("passlib"), wants("bcrypt", "<4.1")), ()),
        ((wants("passlib"), wants("bcrypt", "three")), ("bcrypt<5",)),
        ((wants("flask", "==2.2.2"),), ("werkzeug<3",)),
        ((wants("flask", ">=3"),), ()),
        ((wants("flask"),), ()),
        ((wants("celery"),), ("celery!=5.7.0",)),
        ((), ()),
    ],
)
def test_constraints(facts: tuple[Fact, ...], expected: tuple[str, ...]) -> None:
    assert breaking.constraints(given(BARE, *facts)) == expected


def test_constraints_are_said_and_are_in_the_install() -> None:
    planned = stack(BARE, ROOT, ASGI, READY, wants("passlib"))
    assert planned.build.install.constraints == ("bcrypt<5",)
    (note,) = [note for note in planned.notes if note.about == "known break"]
    assert (note.chosen, note.setting) == ("bcrypt<5", '"bcrypt<5" among the dependencies')
    assert "tried on 2026-11-22" in note.because


@pytest.mark.parametrize(
    ("facts", "chosen"),
    [
        ((locked("passlib", "1.7.4"), locked("bcrypt", "5.0.0")), ["bcrypt 5.0.0"]),
        ((locked("passlib", "1.7.4"), locked("bcrypt", "4.3.0")), []),
        ((locked("passlib", "1.7.4"),), []),
        ((locked("flask", "2.2.2"), locked("werkzeug", "3.1.9")), ["werkzeug 3.1.9"]),
        ((locked("flask", "2.2.5"), locked("werkzeug", "3.1.9")), []),
        ((locked("celery", "5.7.0"),), ["celery 5.7.0"]),
        ((locked("celery", "5.6.3"),), []),
    ],
)
def test_a_lock_that_pins_a_break_is_said(facts: tuple[Fact, ...], chosen: list[str]) -> None:
    planned = stack(PIP, ROOT, FLASK, READY, *facts)
    assert [note.chosen for note in planned.notes if note.about == "known break"] == chosen
    assert planned.build.install.constraints == ()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((Unmet("sqlalchemy.ext.asyncio", "greenlet", (), HERE),), ["greenlet"]),
        ((Unmet("pkg_resources", "setuptools", (), HERE),), ["setuptools<82"]),
        ((Unmet("yaml", "pyyaml", (), HERE),), []),
        ((wants("celery"), wants("redis"), REDIS), ["packaging"]),
        ((wants("celery", "", "redis"), REDIS), []),
        ((wants("celery"), wants("packaging"), REDIS), []),
        ((wants("celery"), locked("kombu", "5.6.1"), REDIS), []),
        ((wants("celery"), locked("kombu", "5.7.0"), REDIS), ["packaging"]),
        ((wants("celery"),), []),
    ],
)
def test_what_another_package_asks_for_no_more_is_added(facts: tuple[Fact, ...], expected: list[str]) -> None:
    assert [each.package for each in breaking.lacking(given(BARE, *facts))] == expected
    added = stack(BARE, ROOT, ASGI, READY, *facts).build.install.extra
    assert [each for each in added if not each.startswith("uvicorn")] == expected
