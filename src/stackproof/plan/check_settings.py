"""What [check] in the settings may hold; that its rules exist is looked at where the rules are."""

from collections.abc import Mapping

from stackproof.plan import values
from stackproof.plan.values import Check

_SEVERITY = values.one_of("error", "warning", "info")


def reasons(value: object) -> Mapping[str, str]:
    """A rule that is ignored says why: { SR104 = "the base image is ours" }."""
    found = dict(values.pairs(value))
    if empty := [rule for rule, reason in found.items() if not reason.strip()]:
        raise ValueError(f"gives no reason for {empty[0]}")
    return found


def severities(value: object) -> Mapping[str, str]:
    return {rule: _SEVERITY(severity) for rule, severity in values.pairs(value)}


CHECK: Mapping[str, Check] = {
    "profile": values.one_of("recommended", "strict"),
    "leave_out": values.texts,
    "ignore": reasons,
    "severity": severities,
}
