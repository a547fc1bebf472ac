"""Findings as workflow commands, which GitHub shows beside the changed lines.

Source: docs.github.com, "Workflow commands for GitHub Actions": data escape %, CR and LF; properties : and , too.
"""

from stackproof.model.findings import Checked, Finding

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def render(checked: Checked, _version: str) -> str:
    return "\n".join(_annotation(each) for each in checked.findings)


def _annotation(finding: Finding) -> str:
    line = f",line={finding.at.line}" if finding.at.line else ""
    where = f"file={_property(finding.at.path)}{line},title={_property(finding.rule)}"
    return f"::{_COMMANDS[finding.severity]} {where}::{_data(f'{finding.found}. {finding.fix}')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
