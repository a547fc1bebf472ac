"""hadolint's JSON -> findings; what a rule of ours says at the same line, too, is left to ours."""

import json
from collections.abc import Iterable, Iterator

from stackproof.errors import ToolFailed
from stackproof.model.findings import Finding, Severity
from stackproof.model.source import Place

_WEIGHTS: dict[str, Severity] = {"error": "error", "warning": "warning", "info": "info", "style": "info"}
_PAGES = "See github.com/hadolint/hadolint/wiki/"
# Rules that say the same as one of ours: where ours has found it on the same line, once is enough.
_SAME = {
    "DL3000": "SR134", "DL3002": "SR101", "DL3003": "SR135", "DL3004": "SR129", "DL3006": "SR117", "DL3007": "SR117",
    "DL3009": "SR114", "DL3011": "SR136", "DL3013": "SR146", "DL3015": "SR115", "DL3020": "SR120", "DL3022": "SR139",
    "DL3025": "SR105", "DL3027": "SR157", "DL3042": "SR116", "DL4000": "SR155", "DL4003": "SR131", "DL4004": "SR131",
    "DL4006": "SR151",
}  # fmt: skip
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


def alone(findings: Iterable[Finding], ours: Iterable[Finding]) -> Iterator[Finding]:
    """Those that no rule of ours has said, too."""
    said = {(each.rule.partition("-")[0], each.at) for each in ours}
    return (each for each in findings if (_SAME.get(each.rule), each.at) not in said)


def _finding(each: dict[str, str]) -> Finding:
    at = Place(each["file"].removeprefix("./"), int(each["line"]))
    words = each["message"].strip().rstrip(".")
    return Finding(each["code"], _WEIGHTS[each["level"]], at, words, f"{_PAGES}{each['code']}")
