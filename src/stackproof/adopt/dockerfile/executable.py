"""The exec form: the words of an instruction as one JSON array of strings, just where BuildKit takes them for one."""

import json
from typing import NoReturn


class NotOnlyStrings(ValueError):
    """An array with something else in it: BuildKit refuses it, and does not take it for the shell form."""


def executable(words: str) -> tuple[str, ...] | None:
    """None for the shell form. Raises NotOnlyStrings."""
    if not words.lstrip().startswith("["):
        return None
    try:
        found = json.loads(words, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(each, str) for each in found):
        raise NotOnlyStrings("an array in which not everything is a string")
    return tuple(found)


def _refused(name: str) -> NoReturn:
    """Python's NaN and Infinity are no JSON."""
    raise ValueError(name)
