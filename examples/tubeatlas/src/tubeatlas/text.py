"""Raw transcript to clean text, chunks and statistics."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_NOISE = re.compile(
    r"^WEBVTT.*$"
    r"|^\d+$"  # the running number of a caption
    r"|-->"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?\b"
    r"|\[[^\]\n]{0,40}\]"  # [Music], [Applause]
    r"|</?[a-z][^>\n]{0,40}>",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W_][\w'\u2019-]*")
_WORDS_PER_MINUTE = 150
_TOP_TERMS = 10

STOP_WORDS = frozenset(
    "a about after again all also am an and any are as at be because been before being but by "
    "can could did do does doing down each even few for from further get go going gonna got had "
    "has have having he her here hers him his how i if in into is it its just know let like "
    "made make me mean more most my no nor not now of off oh okay on one only or other our out "
    "over own people really right said same say see she should so some such take than that the "
    "their them then there these they thing things think this those through time to today too "
    "two under until up us very want was way we well were what when where which while who why "
    "will with would yeah yes you your".split()
)


@dataclass(frozen=True)
class Statistics:
    words: int
    speaking_minutes: float
    top_terms: tuple[str, ...]


def clean(raw: str) -> str:
    """Without time stamps, stage directions and mark-up, on one line."""
    return " ".join(_NOISE.sub(" ", raw).split())


def chunks(text: str, words: int) -> Iterator[str]:
    """At most so many words each; joined with blanks they are the text again."""
    every = text.split()
    for start in range(0, len(every), words):
        yield " ".join(every[start : start + words])


def words_of(text: str) -> list[str]:
    return _WORD.findall(text)


def terms(words: list[str]) -> Counter[str]:
    """How often each word that carries meaning occurs, in lower case."""
    counts = Counter(word.lower() for word in words)
    return Counter(
        {word: n for word, n in counts.items() if len(word) > 2 and word not in STOP_WORDS}
    )


def statistics(text: str) -> Statistics:
    words = words_of(text)
    ranked = sorted(terms(words).items(), key=lambda term: (-term[1], term[0]))
    return Statistics(
        words=len(words),
        speaking_minutes=round(len(words) / _WORDS_PER_MINUTE, 2),
        top_terms=tuple(word for word, _ in ranked[:_TOP_TERMS]),
    )
