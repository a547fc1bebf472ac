"""Which rules are asked, and how much each of them weighs."""

import difflib

from stackproof.errors import UserError
from stackproof.model.findings import Rule, Severity, Wanted


def chosen(rules: tuple[Rule, ...], wanted: Wanted) -> tuple[Rule, ...]:
    """Rules that are named are asked whatever the profile is. Raises UserError for a name that no rule has."""
    for name in (*wanted.only, *wanted.ignore, *wanted.severity):
        _refuse_unknown(name, rules)
    return tuple(rule for rule in rules if _is_chosen(rule, wanted))


def severity(rule: Rule, wanted: Wanted) -> Severity:
    said = [value for name, value in wanted.severity.items() if is_named(rule.id, name)]
    return said[0] if said else rule.severity


def is_named(id: str, name: str) -> bool:  # noqa: A002  the noun's own word
    """By its whole id, or by the number alone: SR104."""
    return name.upper() in (id.upper(), id.upper().partition("-")[0])


def _is_chosen(rule: Rule, wanted: Wanted) -> bool:
    if wanted.only:
        return any(is_named(rule.id, name) for name in wanted.only)
    if any(is_named(rule.id, name) for name in wanted.ignore):
        return False
    return wanted.profile == "strict" or rule.profile == "recommended"


def _refuse_unknown(name: str, rules: tuple[Rule, ...]) -> None:
    known = [rule.id for rule in rules]
    if any(is_named(each, name) for each in known):
        return
    near = difflib.get_close_matches(name, known, 1, cutoff=0.3)
    more = f"Did you mean {near[0]}? " if near else ""
    raise UserError(f"no rule is called {name}", fix=f"{more}docs/rules.md lists them all.")
