"""What hadolint says, as findings."""

import json

import pytest

from stackproof.check import hadolint
from stackproof.errors import ToolFailed
from stackproof.model.findings import Finding
from stackproof.model.source import Place

ONE = {"code": "DL3008", "column": 1, "file": "./Dockerfile", "level": "style", "line": 3, "message": "Pin versions."}


def test_levels_and_places() -> None:
    found = list(hadolint.findings(json.dumps([ONE, {**ONE, "code": "DL1000"}])))
    assert [(each.rule, each.severity, str(each.at), each.found) for each in found] == [
        ("DL3008", "info", "Dockerfile:3", "Pin versions")
    ]


def test_what_ours_says_too_is_said_once() -> None:
    found = list(hadolint.findings(json.dumps([ONE, {**ONE, "code": "DL3025"}])))
    ours = Finding("SR105-shell-form", "warning", Place("Dockerfile", 3), "found", "fix")
    assert [each.rule for each in hadolint.alone(found, [ours])] == ["DL3008"]


@pytest.mark.parametrize("text", ["", "[{}]", "{", "[1]"])
def test_what_is_not_its_answer(text: str) -> None:
    with pytest.raises(ToolFailed, match="could not be read"):
        list(hadolint.findings(text))
