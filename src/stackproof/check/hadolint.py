"""hadolint's JSON -> findings; what a rule of ours says at the same line, too, is left to ours."""

import json
from collections.abc import Iterator

from stackproof.errors import ToolFailed
from stackproof.model.findings import Finding, Severity
from stackproof.model.source import Place

_WEIGHTS: dict[str, Severity] = {"error": "error", "warning": "warning", "info": "info", "style": "info"}
_PAGES = "See github.com/hadolint/hadolint/wiki/"
_UNREADABLE = "DL1000"  # a file that it cannot parse is SR001, in our loader's words


def findings(output: str) -> Iterator[Finding]:
    """Raises ToolFailed for what is not its JSON."""
    try:
        entries = json.loads(output)
        for each in entries:
            if each["code"] != _UNREADABLE:
                yield _finding(each)
    except (ValueError, KeyError, TypeError) as problem:
        raise ToolFailed(
            f"hadolint's answer could not be read: {problem!r}", fix="Leave it out: stackproof check --no-hadolint"
        ) from problem


def _finding(each: dict[str, str]) -> Finding:
    at = Place(each["file"].removeprefix("./"), int(each["line"]))
    words = each["message"].strip().rstrip(".")
    return Finding(each["code"], _WEIGHTS[each["level"]], at, words, f"{_PAGES}{each['code']}")
