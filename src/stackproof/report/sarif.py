"""The record as SARIF 2.1.0: each refuted claim as a result, in a file that the user can change.

Source: OASIS Static Analysis Results Interchange Format 2.1.0. What stayed unmeasured is a notification of the run.
"""

import json
from typing import Any
from urllib.parse import quote

from stackproof.model.proof import Evidence, Record, Verdict
from stackproof.report.places import Place, place
from stackproof.report.printable import printable

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
Object = dict[str, Any]


def render(record: Record) -> str:
    run = {
        "tool": {
            "driver": {
                "name": "stackproof",
                "version": record.stackproof,
                "rules": [_rule(item, record.pages.get(item.claim, "")) for item in record.evidence],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    _notification(item, place)
                    for place, item in enumerate(record.evidence)
                    if item.verdict is Verdict.UNMEASURED
                ],
            }
        ],
        "automationDetails": {"id": f"stackproof/{printable(record.environment)}/{printable(record.runtime)}"},
        "results": [
            _result(item, index, place(item, record))
            for index, item in enumerate(record.evidence)
            if item.verdict is Verdict.REFUTED
        ],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def _rule(item: Evidence, page: str) -> Object:
    number, _, words = printable(item.claim).partition("-")
    help_text = printable(page) or printable(item.says)
    return {
        "id": printable(item.claim),
        "name": "".join(word.capitalize() for word in words.split("-")) or number,
        "shortDescription": {"text": printable(item.says)},
        "help": {"text": help_text, "markdown": help_text},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": [item.group]},
    }


def _result(item: Evidence, index: int, where: Place) -> Object:
    region = {"startLine": where.line}
    return {
        "ruleId": printable(item.claim),
        "ruleIndex": index,
        "level": "error",
        "message": {"text": printable(item.because) or printable(item.says)},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": quote(where.path)}, "region": region}},
        ],
        "partialFingerprints": {"claim/v1": printable(item.claim)},
    }


def _notification(item: Evidence, index: int) -> Object:
    return {
        "associatedRule": {"id": printable(item.claim), "index": index},
        "level": "note" if item.excused else "warning",
        "message": {"text": f"unmeasured: {printable(item.because)}"},
    }
