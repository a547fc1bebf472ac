"""A command with the secrets that its environment only names, written by stackproof.

python stackproof_start.py COMMAND ARGUMENT...

A mark <stackproof-secret:FILE> in a variable becomes what FILE holds: quoted for a URL, but as it is where the mark is
all there is. A variable that is nothing but a mark of an empty file is not set at all. Then
this process becomes the command: it keeps its number and its signals.

Exit code 78: a file cannot be read; 126, 127: the command cannot be started.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Mapping
from urllib.parse import quote

_MARK = re.compile("<stackproof-secret:([^>]+)>")
_BAD_SETTINGS, _NOT_RUN, _NOT_FOUND = 78, 126, 127  # sysexits.h, and a shell's own


def revealed(environment: Mapping[str, str]) -> dict[str, str]:
    """The same variables with every mark filled in. Raises OSError or ValueError for a file that cannot be read."""
    found = {}
    for name, value in environment.items():
        whole = _MARK.fullmatch(value)
        text = _secret(whole.group(1)) if whole else _MARK.sub(_quoted, value)
        if text or not value:
            found[name] = text
    return found


def _quoted(mark: re.Match[str]) -> str:
    return quote(_secret(mark.group(1)), safe="")


def _secret(path: str) -> str:
    """Without one line end at its end."""
    text = Path(path).read_bytes().decode("utf-8")
    return text[:-1] if text.endswith("\n") else text


def main(argv: list[str]) -> int:
    """Never returns where all is well."""
    try:
        environment = revealed(os.environ)
    except (OSError, ValueError) as problem:
        _say(f"a secret cannot be read: {problem}")
        return _BAD_SETTINGS
    try:
        os.execvpe(argv[0], argv, environment)
    except OSError as problem:
        _say(f"{argv[0]} cannot be started: {problem.strerror}")
        return _NOT_FOUND if isinstance(problem, FileNotFoundError) else _NOT_RUN


def _say(what: str) -> None:
    sys.stderr.write(f"stackproof: {what}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
