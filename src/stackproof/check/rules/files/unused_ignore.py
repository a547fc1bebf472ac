"""SR003: a comment that sets aside what is not there. Found after all other rules, in `check/ignores.py`."""

from collections.abc import Iterator

from stackproof.check.ignores import UNUSED
from stackproof.model.findings import Inspected, Rule, Sighting


def _check(_inspected: Inspected) -> Iterator[Sighting]:
    return iter(())


RULE = Rule(
    UNUSED,
    says="A comment that sets a finding aside has one to set aside.",
    fix="Remove the comment: it would hide the finding on the day it comes back.",
    severity="warning",
    profile="strict",
    check=_check,
)
