"""What each rule sees, and what it leaves in peace."""

import pytest

from stackproof.check.rules.dockerfile import DOCKERFILE_RULES
from stackproof.model.findings import Edit, Rule
from tests.check.dockerfile.cases import CASES
from tests.check.dockerfile.pages import examples, sightings

BY_NUMBER = {each.id.split("-")[0]: each for each in DOCKERFILE_RULES}
SEEN = [(BY_NUMBER[number], text) for number, (seen, _) in CASES.items() for text in seen]
NOT_SEEN = [(BY_NUMBER[number], text) for number, (_, silent) in CASES.items() for text in silent]


def _named(value: object) -> str:
    return value.id if isinstance(value, Rule) else repr(value)


def test_every_rule_has_cases() -> None:
    assert CASES.keys() == BY_NUMBER.keys()


@pytest.mark.parametrize(("rule", "text"), SEEN, ids=_named)
def test_seen(rule: Rule, text: str) -> None:
    assert sightings(rule, text)


@pytest.mark.parametrize(("rule", "text"), NOT_SEEN, ids=_named)
def test_not_seen(rule: Rule, text: str) -> None:
    assert sightings(rule, text) == []


def test_a_file_for_development_may_start_what_reloads() -> None:
    for number in ("SR127", "SR158"):
        wrong = examples(BY_NUMBER[number])["Wrong"]
        assert sightings(BY_NUMBER[number], wrong, "Dockerfile.dev") == []


@pytest.mark.parametrize(
    ("number", "text", "line"),
    [
        ("SR120", "FROM a\nADD x /x", "COPY x /x"),
        ("SR155", 'FROM a\nMAINTAINER "me" $x', 'LABEL org.opencontainers.image.authors="\\"me\\" \\$x"'),
        ("SR156", "FROM a\nENV A /b", "ENV A=/b"),
    ],
)
def test_safe_changes(number: str, text: str, line: str) -> None:
    (found,) = sightings(BY_NUMBER[number], text)
    assert found.edits == (Edit("Dockerfile", 2, 2, line),)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("SR120", "FROM a\nADD --chown=1 x /x"),
        ("SR120", "FROM a\nADD x \\\n /x"),
        ("SR155", "FROM a\nMAINTAINER a \\\n b"),
        ("SR156", "FROM a\nENV A b c"),
        ("SR156", "FROM a\nENV A \\\n b"),
    ],
)
def test_nothing_is_changed_where_it_is_not_plain(number: str, text: str) -> None:
    (found,) = sightings(BY_NUMBER[number], text)
    assert found.edits == ()
