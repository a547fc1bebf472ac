"""Locks as requirements files, and lines that ask for folders."""

from dataclasses import replace

import pytest

from stackproof.model import exports
from stackproof.model.stack import Install

POETRY = Install("poetry", "pyproject.toml", "poetry.lock", "2.5.1", ("dev",))
PDM = Install("pdm", "pyproject.toml", "pdm.lock", "2.29.3", ("dev",))
PIPENV = Install("pipenv", "Pipfile", "Pipfile.lock", "2026.10.3", ("dev",))


def words(install: Install) -> str:
    return " ".join(exports.words(install, "out.txt"))


def test_poetry() -> None:
    assert words(POETRY) == "export --no-interaction --output out.txt --without dev"
    more = replace(POETRY, groups=("web", "pg"), extras=("pdf",))
    assert words(more).endswith("--without dev --with web,pg --extras pdf")
    assert words(replace(POETRY, left_out_groups=())).endswith("out.txt --all-groups")


def test_pdm_exports_every_group_for_development_unless_told_otherwise() -> None:
    assert words(PDM) == "export --prod --output out.txt"
    assert words(replace(PDM, extras=("pg",))) == "export --prod --group pg --output out.txt"
    assert words(replace(PDM, groups=("dev",), extras=("pg",))) == "export --group dev --group pg --output out.txt"


def test_pipenv() -> None:
    assert words(PIPENV) == "requirements --hash --categories packages"
    assert words(replace(PIPENV, groups=("dev", "docs"))).endswith("packages,dev-packages,docs")


@pytest.mark.parametrize(
    "line",
    [
        "-e .", ".", "./libs/x", "../x", "-e ./libs/x ; python_version > '3'", "--editable=libs/x", "libs/x  # why",
        "file:libs/x", "-e file:///app/libs/x", "money @ file:///app/libs/money ; python_version >= '3.11'",
        "-e money @ file:libs/money", "money[eur] @ file:///app/libs/money",
    ],
)  # fmt: skip
def test_lines_that_ask_for_folders_are_left_out(line: str) -> None:
    assert exports.without_local(f"flask\n{line}\ncelery\n") == "flask\ncelery\n"


@pytest.mark.parametrize(
    "line",
    [
        "flask==3.1.3 \\", "    --hash=sha256:00", "tool @ git+https://git.example.org/tool.git", "-r base.txt",
        "--index-url https://index.example.org/simple", "# a/b", "-c libs/c.txt", "./wheels/x-1-py3-none-any.whl",
        "-e git+https://git.example.org/a.git#egg=a", "https://files.example.org/x.whl", "-i https://x.example.org",
    ],
)  # fmt: skip
def test_every_other_line_is_kept(line: str) -> None:
    assert exports.without_local(f"{line}\n") == f"{line}\n"
