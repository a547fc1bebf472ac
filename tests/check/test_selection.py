"""Rules are chosen by profile, by name, and by what the settings ignore."""

import pytest

from stackproof.check import RULES
from stackproof.check.selection import chosen, severity
from stackproof.errors import UserError
from stackproof.model.findings import Wanted


def test_profiles() -> None:
    strict, recommended = chosen(RULES, Wanted("strict")), chosen(RULES, Wanted())
    assert strict == RULES
    assert {rule.profile for rule in recommended} == {"recommended"}


def test_by_name_whatever_the_profile_is() -> None:
    assert [rule.id for rule in chosen(RULES, Wanted(only=("sr303",)))] == ["SR303-variable-unread"]
    assert "SR501-upstream-unknown" not in [rule.id for rule in chosen(RULES, Wanted(ignore={"SR501": "ours"}))]


def test_severity_is_the_users() -> None:
    rule = chosen(RULES, Wanted(only=("SR301",)))[0]
    assert severity(rule, Wanted()) == "error"
    assert severity(rule, Wanted(severity={"SR301-probe-tool-missing": "info"})) == "info"


@pytest.mark.parametrize(("name", "fix"), [("SR301-probe-tool-mising", "Did you mean SR301"), ("x", "docs/rules.md")])
def test_a_name_that_no_rule_has(name: str, fix: str) -> None:
    with pytest.raises(UserError, match=name) as refused:
        chosen(RULES, Wanted(only=(name,)))
    assert fix in refused.value.fix
