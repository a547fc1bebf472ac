"""Alembic and Django: the configuration and what running it needs."""

import pytest

from stackproof import detect
from stackproof.model.facts import Migration, Unreadable
from stackproof.model.source import SourceTree
from tests.detect.trees import Files, facts

INI = "[loggers]\nkeys = root\n[alembic]\n# where\nscript_location = {}\nprepend_sys_path = .\n"
TOML = '[project]\nname = "x"\n[tool.alembic]\nscript_location = "{}"\n'

FOUND: list[tuple[Files, str | None, str]] = [
    (
        {"alembic.ini": INI.format("%(here)s/alembic"), "alembic/env.py": ""},
        "alembic alembic.ini+alembic",
        "alembic.ini:5",
    ),
    (
        {"alembic.ini": INI.format("db"), "db/env.py": ""},
        "alembic alembic.ini+db",
        "alembic.ini:5",
    ),
    (
        {"alembic.ini": INI.format("shop:migrations"), "src/shop/migrations/env.py": "", "src/shop/a.py": ""},
        "alembic alembic.ini+src/shop/migrations",
        "alembic.ini:5",
    ),
    (
        {
            "backend/alembic.ini": INI.format("alembic"),
            "backend/alembic/env.py": "",
            "backend/pyproject.toml": "",
            "backend/a.py": "",
        },
        "alembic backend/alembic.ini+backend/alembic",
        "backend/alembic.ini:5",
    ),
    (
        {"pyproject.toml": TOML.format("%(here)s/db"), "db/env.py": ""},
        "alembic pyproject.toml+db",
        "pyproject.toml:4",
    ),
    (
        {"manage.py": "", "shop/migrations/__init__.py": "", "shop/migrations/0001_initial.py": ""},
        "django manage.py",
        "shop/migrations/0001_initial.py",
    ),
    ({"manage.py": "", "shop/models.py": ""}, None, ""),
    ({"shop/migrations/0001_initial.py": ""}, None, ""),
    ({"pyproject.toml": ""}, None, ""),
]


@pytest.mark.parametrize(("files", "expected", "seen"), FOUND)
def test_migrations(files: Files, expected: str | None, seen: str) -> None:
    found = facts(Migration, files)
    assert [f"{item.tool} {'+'.join(item.inputs)}" for item in found] == ([expected] if expected else [])
    assert [str(item.seen) for item in found] == ([seen] if seen else [])
    assert all(item.config == item.inputs[0] for item in found)
    assert not facts(Unreadable, files)


@pytest.mark.parametrize(
    ("text", "problem", "seen"),
    [
        (INI.format("gone"), "script_location names gone, and no file of the project is there", "alembic.ini:5"),
        ("[alembic]\n", "No option 'script_location' in section: 'alembic'", "alembic.ini"),
        ("", "No section: 'alembic'", "alembic.ini"),
        ("script_location = x\n", "File contains no section headers.", "alembic.ini"),
    ],
)
def test_a_configuration_that_cannot_work(text: str, problem: str, seen: str) -> None:
    (found,) = facts(Unreadable, {"alembic.ini": text})
    assert (found.problem, str(found.seen)) == (problem, seen)


def test_a_configuration_that_is_no_text() -> None:
    (found,) = detect.detect(SourceTree({"alembic.ini": b"\xff"})).all(Unreadable)
    assert str(found.seen) == "alembic.ini:1"
