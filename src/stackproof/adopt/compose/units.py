"""Durations, sizes, truth and numbers as Compose writes them in its canonical form."""

import re
from collections.abc import Callable, Mapping

from stackproof.adopt.compose.scalars import text

_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_DURATION = re.compile(rf"[-+]?(?:{_PART.pattern})+|[-+]?0")
_NANOSECONDS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9}
_NANOSECONDS["h"] = 3600 * 10**9
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s?(?:([kmgtp])i?)?b?", re.IGNORECASE)
_POWERS = "kmgtp"
_TRUTH: Mapping[str, bool] = {
    **dict.fromkeys(("true", "t", "1", "yes", "y", "on"), True),
    **dict.fromkeys(("false", "f", "0", "no", "n", "off"), False),
}
_LONGEST = 40  # characters of a number; more is no number but an attack


def duration(value: object) -> str:
    """1m30s from "90s"; raises ValueError for what is none."""
    word = value if isinstance(value, str) else ""
    if len(word) > _LONGEST or not _DURATION.fullmatch(word):
        raise ValueError
    parts: list[tuple[str, str]] = _PART.findall(word)
    return _worded(sum(round(float(number) * _NANOSECONDS[unit]) for number, unit in parts), word.startswith("-"))


def _worded(nanoseconds: int, negative: bool) -> str:
    sign = "-" if negative and nanoseconds else ""
    if nanoseconds == 0:
        return "0s"
    for unit, size in (("ns", 1), ("µs", 10**3), ("ms", 10**6)):
        if nanoseconds < size * 1000:
            return f"{sign}{_decimal(nanoseconds, size)}{unit}"
    minutes, seconds = divmod(nanoseconds, 60 * 10**9)
    hours, minutes = divmod(minutes, 60)
    whole = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{sign}{whole}{_decimal(seconds, 10**9)}s"


def _decimal(value: int, size: int) -> str:
    whole, rest = divmod(value, size)
    fraction = str(rest).rjust(len(str(size)) - 1, "0").rstrip("0") if rest else ""
    return f"{whole}.{fraction}" if fraction else str(whole)


def size(value: object) -> str:
    """Bytes as digits from 64m, 1.5g, 1024; raises ValueError for what is none."""
    word = text(value)
    found = _SIZE.fullmatch(word) if len(word) <= _LONGEST else None
    if found is None or isinstance(value, bool):
        raise ValueError
    power = _POWERS.index(found[2].lower()) + 1 if found[2] else 0
    return str(int(float(found[1]) * 1024**power))


def truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TRUTH:
        return _TRUTH[value.lower()]
    raise ValueError


def whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str) or len(str(value)) > _LONGEST:
        raise ValueError
    return int(value)


def number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError
    if isinstance(value, str) and not re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?", value):
        raise ValueError
    found = float(value)
    return int(found) if found.is_integer() and abs(found) < 2**53 else found


def word(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def loose(value: object) -> str:
    """Text, or a number in its place."""
    if value is None or isinstance(value, bool | list | dict):
        raise ValueError
    return text(value)


# How a scalar is read, and what it should have been.
SCALARS: Mapping[str, tuple[Callable[[object], object], str]] = {
    "word": (word, "text (put numbers, true and false in quotes)"),
    "loose": (loose, "text or a number"),
    "truth": (truth, "true or false"),
    "whole": (whole, "a whole number"),
    "number": (number, "a number"),
    "duration": (duration, "a duration such as 30s or 1m30s, in text"),
    "size": (size, "a size such as 64m or 1g"),
}
