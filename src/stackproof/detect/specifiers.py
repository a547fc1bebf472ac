"""Poetry's and Pipenv's version constraints ("^1.2", "~3.11", "*") in the standard form (PEP 440)."""

import re

_PARTS = re.compile(r"\s*,\s*|\s+(?=[<>=!~^])")
_VERSION = re.compile(r"\d")


def standard(constraint: str) -> str:
    """ "" allows everything; so does an alternative (`^1 || ^2`), which the standard form cannot say."""
    if "|" in constraint:
        return ""
    return ",".join(text for part in _PARTS.split(constraint.strip()) if (text := _clause(part.strip())))


def _clause(text: str) -> str:
    sign, version = text[:1], text[1:].strip()
    if text in ("", "*"):
        return ""
    if sign == "^" and (parts := _numbers(version)):
        return f">={version},<{_caret(parts)}"
    if sign == "~" and version[:1] != "=" and len(parts := _numbers(version)) > 1:
        return f">={version},<{parts[0]}.{parts[1] + 1}"
    return f"=={text}" if _VERSION.match(text) else text


def _caret(parts: list[int]) -> str:
    """The first number that is not zero may not change."""
    for index, part in enumerate(parts):
        if part:
            return ".".join([*(["0"] * index), str(part + 1), *(["0"] if index == 0 else [])])
    return ".".join([*(["0"] * (len(parts) - 1)), "1"])


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]
