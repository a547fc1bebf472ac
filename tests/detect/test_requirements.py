"""What manifests ask for, and the project's own name."""

import pytest

from stackproof.model.facts import Distribution, Flower, Installer, Locked, Requirement
from tests.detect.trees import Files, facts, project

STANDARD = """\
[project]
name = "shop"
dependencies = [
    "FastAPI[standard]>=0.120,<1; python_version > '3'",
    'uvicorn ~= 0.30',
    7,
]
[project.optional-dependencies]
pg = ["psycopg (>=3)"]
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
[tool.uv]
dev-dependencies = ["ruff"]
"""
POETRY = """\
[tool.poetry]
name = "shop"
[tool.poetry.dependencies]
python = "^3.11"
Flask_Login = "^1.2"
celery = {version = "^5", extras = ["redis"]}
odd = [{version = "1", python = "<3.12"}, {version = "2"}]
empty = []
psycopg = {version = "^3", optional = true}
git = {git = "x"}
[tool.poetry.dev-dependencies]
pytest = "*"
[tool.poetry.group.monitoring.dependencies]
flower = "*"
"""
TEXT = """\
# comment
--index-url https://example.org/simple
-r more.txt
fastapi[all,standard]==0.1 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
celery >= 5.4, <6 ; python_version > "3.8"  # why
-e .
git+https://example.org/x#egg=my_lib
https://example.org/x.whl
tool @ https://example.org/tool.whl
not a requirement
last==1 \\"""


def _rows(files: Files) -> list[tuple[str, str, str, tuple[str, ...], str]]:
    found = facts(Requirement, files)
    return [(item.name, item.specifier, item.group, item.extras, str(item.seen)) for item in found]


def test_standard_tables() -> None:
    assert _rows({"pyproject.toml": STANDARD}) == [
        ("fastapi", ">=0.120,<1", "", ("standard",), "pyproject.toml:4"),
        ("uvicorn", "~= 0.30", "", (), "pyproject.toml:5"),
        ("psycopg", ">=3", "extra:pg", (), "pyproject.toml:9"),
        ("pytest", "", "dev", (), "pyproject.toml:11"),
        ("ruff", "", "dev", (), "pyproject.toml:13"),
    ]


def test_poetry_tables() -> None:
    assert _rows({"pyproject.toml": POETRY}) == [
        ("flask-login", ">=1.2,<2.0", "", (), "pyproject.toml:5"),
        ("celery", ">=5,<6.0", "", ("redis",), "pyproject.toml:6"),
        ("odd", "==1", "", (), "pyproject.toml:7"),
        ("empty", "", "", (), "pyproject.toml:8"),
        ("psycopg", ">=3,<4.0", "extra", (), "pyproject.toml:9"),
        ("git", "", "", (), "pyproject.toml:10"),
        ("pytest", "", "dev", (), "pyproject.toml:12"),
        ("flower", "", "monitoring", (), "pyproject.toml:14"),
    ]


def test_a_dependency_with_a_table_of_its_own() -> None:
    text = '[tool.poetry.dependencies.celery]\nversion = "^5"\n'
    assert _rows({"pyproject.toml": text}) == [("celery", ">=5,<6.0", "", (), "pyproject.toml:1")]


def test_a_requirement_written_in_an_unusual_way_still_has_its_file() -> None:
    text = '[project]\ndependencies = ["fast\\u0061pi"]\n'
    assert _rows({"pyproject.toml": text}) == [("fastapi", "", "", (), "pyproject.toml")]


def test_requirements_file_with_what_it_includes() -> None:
    files = {
        "requirements.txt": TEXT,
        "more.txt": "redis\n-r requirements.txt\n",
        "requirements-dev.txt": "-r requirements.txt\npytest\n",
    }
    assert _rows(files) == [
        ("redis", "", "", (), "more.txt:1"),
        ("fastapi", "==0.1", "", ("all", "standard"), "requirements.txt:4"),
        ("celery", ">= 5.4, <6", "", (), "requirements.txt:7"),
        ("my-lib", "", "", (), "requirements.txt:9"),
        ("tool", "@ https://example.org/tool.whl", "", (), "requirements.txt:11"),
        ("last", "==1", "", (), "requirements.txt:13"),
        ("pytest", "", "dev", (), "requirements-dev.txt:2"),
    ]


def test_a_locked_file_with_its_source() -> None:
    files = {
        "requirements.in": "celery[redis]>=5\n",
        "requirements.txt": "celery==5.6\nkombu==5.6\n",
        "requirements-dev.in": "-r requirements.in\npytest\n",
        "requirements-dev.txt": "celery==5.6\nkombu==5.6\npytest==8\n",
    }
    assert _rows(files) == [
        ("celery", ">=5", "", ("redis",), "requirements.in:1"),
        ("pytest", "==8", "dev", (), "requirements-dev.txt:3"),
    ]
    found = project(files)
    assert [(item.manifest, item.lock, item.groups) for item in found.all(Installer)] == [
        ("requirements.in", "requirements.txt", ("dev",))
    ]
    assert [item.name for item in found.all(Locked)] == ["celery", "kombu"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[project]\nname = "a"\n', ("a", False, 2)),
        ('[project]\nname = "a"\n[build-system]\nrequires = []\n', ("a", True, 2)),
        ('[build-system]\nrequires = []\n[project]\nname = "a"\n[tool.uv]\npackage = false\n', ("a", False, 4)),
        ('[tool.poetry]\nname = "a"\n', ("a", True, 2)),
        ('[tool.poetry]\nname = "a"\npackage-mode = false\n', ("a", False, 2)),
    ],
)
def test_distribution(text: str, expected: tuple[str, bool, int]) -> None:
    (found,) = facts(Distribution, {"pyproject.toml": text})
    assert (found.name, found.packaged, found.seen.line) == expected


def test_the_project_bears_the_name_of_its_distribution() -> None:
    assert project({"pyproject.toml": '[project]\nname = "shop"\n'}).name == "shop"
    assert project({"pyproject.toml": "[project]\nname = 7\n"}).name == "project"


@pytest.mark.parametrize(
    ("files", "seen"),
    [({"pyproject.toml": POETRY}, ["pyproject.toml:14"]), ({"requirements.txt": "celery\n"}, [])],
)
def test_flower(files: Files, seen: list[str]) -> None:
    assert [str(fact.seen) for fact in facts(Flower, files)] == seen
