"""The user's file of settable variables: lines of NAME=value."""

import re

from stackproof.errors import UserError

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_QUOTED = re.compile(r"""(['"])(.*)\1\s*(?:#.*)?""")
_COMMENT = re.compile(r"\s#.*")


def parse(text: str, name: str) -> dict[str, str]:
    """Values by variable; `name` is the file's, for messages. A value is literal: nothing in it is expanded."""
    values: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if not found:
            raise UserError(f"{name}:{number}: not a NAME=value line", fix="Write NAME=value, or # before a comment.")
        values[found[1]] = _value(found[2])
    return values


def _value(text: str) -> str:
    if quoted := _QUOTED.fullmatch(text):
        return quoted[2]
    return _COMMENT.sub("", f" {text}").strip() if "#" in text else text.strip()
