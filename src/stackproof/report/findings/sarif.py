"""Findings as SARIF 2.1.0, the format of code scanning.

Source: OASIS Static Analysis Results Interchange Format 2.1.0.
"""

import json
from typing import Any
from urllib.parse import quote

from stackproof.model.findings import Checked, Finding, Rule
from stackproof.report.printable import printable

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
Object = dict[str, Any]


def render(checked: Checked, version: str) -> str:
    ours = {rule.id: _rule(rule) for rule in checked.rules}
    others = {each.rule: _other(each) for each in checked.findings if each.rule not in ours}
    rules = {**ours, **others}
    places = {name: index for index, name in enumerate(rules)}
    run = {
        "tool": {"driver": {"name": "stackproof", "version": version, "rules": list(rules.values())}},
        "automationDetails": {"id": "stackproof/check"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, places[each.rule]) for each in checked.findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False)


def _rule(rule: Rule) -> Object:
    words = rule.id.partition("-")[2]
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in words.split("-")),
        "shortDescription": {"text": rule.says},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.profile]},
    }


def _other(finding: Finding) -> Object:
    """Of another tool, whose own words are all that is known."""
    return {"id": finding.rule, "shortDescription": {"text": finding.fix}}


def _result(finding: Finding, index: int) -> Object:
    place = {
        "artifactLocation": {"uri": quote(finding.at.path)},
        "region": {"startLine": max(1, finding.at.line)},
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": printable(f"{finding.found}. {finding.fix}")},
        "locations": [{"physicalLocation": place}],
    }
