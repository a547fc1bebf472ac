"""Templates of the environment: every variable that the code reads, with the place where it does."""

import pytest

from stackproof.model.facts import Variable
from stackproof.model.source import Place
from stackproof.render import environment
from tests.plan.small import SHOP, stack


def variable(name: str, default: str | None, *, required: bool = False, secret: bool = False) -> Variable:
    return Variable(name, default, required, secret, "str", Place("shop/settings.py", len(name)))


VARIABLES = (
    variable("PAGE", "10"),
    variable("MOTTO", "it's $5"),
    variable("TITLE", None),
    variable("API_KEY", None, secret=True),
    variable("BRANCH", None, required=True),
    variable("SECRET_KEY", None, required=True, secret=True),
)


def template(*variables: Variable) -> str:
    (artifact,) = environment.render({"stage": stack(*SHOP, *variables, said="proxy = false", environment="stage")})
    assert artifact.path == "deploy/env/stage.env.example"
    return artifact.text


def test_required_secret_and_optional_are_told_apart() -> None:
    groups = template(*VARIABLES).split("\n# --- ")
    assert [group.splitlines()[0] for group in groups[1:]] == [
        "Required: nothing starts without them",
        "Secrets, optional",
        "Optional, with their defaults",
        "Secrets: files, made or asked for by `stackproof secrets --env stage`",
    ]
    assert "\nBRANCH=" in groups[1]
    assert "\n# API_KEY=" in groups[2]
    assert "\nPAGE=10\n" in groups[3]
    assert "\n# TITLE=" in groups[3]


def test_secrets_are_files_and_no_lines() -> None:
    text = template(*VARIABLES)
    assert "\n# deploy/secrets/stage/secret-key: a secret of the application's own\n" in text
    assert "shop/settings.py:10\n# SECRET_KEY=" in text


def test_each_line_says_where_the_code_reads_it() -> None:
    assert "shop/settings.py:4\nPAGE=10" in template(*VARIABLES)
    assert "shop/settings.py:7 (secret)\n# API_KEY=" in template(*VARIABLES)


def test_nothing_that_the_code_does_not_read_is_named() -> None:
    assert "PYTHONUNBUFFERED" not in template(*VARIABLES)
    assert "---" not in template()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain/x:1@y", "plain/x:1@y"),
        ("", ""),
        ("two words", "'two words'"),
        ("$HOME", "'$HOME'"),
        ("#1", "'#1'"),
        ("it's", '"it\'s"'),
        ('it\'s "$5" \\', '"it\'s \\"\\$5\\" \\\\"'),
        ("a\nb", '"a\\nb"'),
    ],
)
def test_values_are_quoted_so_that_they_come_back(value: str, written: str) -> None:
    assert environment.quoted(value) == written
