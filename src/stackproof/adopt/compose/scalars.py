"""Plain words of YAML into values, by the rules of the library that Compose reads with, and values back into text."""

import math
import re
from decimal import Decimal

_INTEGER = re.compile(r"[-+]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_LONGEST_NUMBER = 300  # characters; what is longer is text to everybody
_PLAIN_UNTIL = 6  # digits after the first from which Go writes an exponent


def resolved(word: str) -> object:
    """`word` stood there without quotes and without a tag. yes, no, on and off are words; 010 is eight."""
    if word in _WORDS:
        return _WORDS[word]
    if word[0] not in "+-.0123456789" or len(word) > _LONGEST_NUMBER:
        return word
    joined = word.replace("_", "")
    if _INTEGER.fullmatch(joined) and -(2**63) <= (number := _integer(joined)) < 2**64:
        return number
    if _FLOAT.fullmatch(joined):
        return float(joined)
    if found := _DATE.fullmatch(word):
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02} 00:00:00 +0000 UTC"
    return word


def _integer(word: str) -> int:
    sign = -1 if word.startswith("-") else 1
    digits = word.lstrip("+-").lower()
    for prefix, base in (("0x", 16), ("0o", 8), ("0b", 2), ("0", 8)):
        if digits.startswith(prefix) and digits != "0":
            return sign * int(digits.removeprefix(prefix), base)
    return sign * int(digits)


def text(value: object) -> str:
    """A scalar as Go prints it, which is what a container then sees."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return _float(value)
    return "" if value is None else str(value)


def _float(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    exponent = Decimal(repr(value)).adjusted()
    if value and not -5 < exponent < _PLAIN_UNTIL:
        mantissa, power = f"{Decimal(repr(value)):e}".split("e")
        return f"{mantissa}e{power[0]}{power[1:]:0>2}"
    whole = format(Decimal(repr(value)), "f")
    return whole.rstrip("0").rstrip(".") if "." in whole else whole
