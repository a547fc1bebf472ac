"""Findings as JSON, for programs."""

import json

from stackproof.model.findings import Checked, Finding

_SCHEMA = 1


def render(checked: Checked, version: str) -> str:
    document = {
        "schema": _SCHEMA,
        "stackproof": version,
        "files": list(checked.files),
        "rules": [rule.id for rule in checked.rules],
        "findings": [_finding(each) for each in checked.findings],
        "ignored": checked.ignored,
        "known": checked.known,
        "gone": [{"rule": each.rule, "path": each.path} for each in checked.gone],
    }
    return json.dumps(document, indent=1)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "path": finding.at.path,
        "line": finding.at.line,
        "found": finding.found,
        "fix": finding.fix,
        "mendable": bool(finding.edits),
    }
