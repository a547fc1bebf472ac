"""Text from anywhere, without characters that no XML can hold, that steer a terminal, or that turn words round."""

import re

# Control characters but tab and line feed, the turners of reading direction, halves of pairs, and what is no character.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    return _HARMFUL.sub("", text)


def line(text: str, most: int = 0) -> str:
    """The same on one line, cut after `most` characters."""
    words = " ".join(printable(text).split())
    return words if not most or len(words) <= most else f"{words[: most - 3]}..."
