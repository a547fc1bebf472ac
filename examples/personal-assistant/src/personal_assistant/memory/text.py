"""Texts as sentences, and sentences as the words that matter."""

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]?")
_WORD = re.compile(r"[^\W\d_][\w'-]{2,}")
_COMMON = frozenset(
    "about after again all also and any are because been before being but can could did does "
    "down each few for from had has have her here him his how into its just like may might more "
    "most much must not now off once only other our out over own please same shall she should "
    "some such tell than that the their them then there these they this those through too under "
    "until very was were what when where which while who why will with would you your".split()
)


def sentences(text: str) -> Iterator[str]:
    """A full stop inside a word or number ends nothing."""
    return (found for match in _SENTENCE.finditer(text) if (found := match[0].strip()))


def terms(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text)) - _COMMON
