"""The sentences of a text that say most of what it says: each is compared with every other one.

A sentence weighs as much as the words that it shares with the others, by their number, so the
work grows with the square of the length. Two limits bound it: of 3,000 sentences, which is what
a task of 12 s may compare, it takes 3 to 4 s of one core.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from personal_assistant.memory import text as words

MAX_TERMS = 12  # of one sentence, the longest words
_KEPT = 5
_MIN_TERMS = 2
_MAX_CHARACTERS = 500


@dataclass(frozen=True)
class Sentence:
    text: str
    terms: frozenset[str]
    weight: float


def extract(text: str, most: int) -> tuple[Sentence, ...]:
    """The best ones of the first `most` sentences, best first; of equal ones the first."""
    found = [(sentence, _terms(sentence)) for sentence in words.sentences(text)]
    worth = [item for item in found if len(item[1]) >= _MIN_TERMS][:most]
    weights = _weights([terms for _, terms in worth])
    best: dict[str, Sentence] = {}
    for (sentence, terms), weight in sorted(
        zip(worth, weights, strict=True), key=lambda pair: -pair[1]
    ):
        if len(best) < _KEPT and not sentence.endswith("?"):
            cut = sentence[:_MAX_CHARACTERS]
            best.setdefault(cut.lower(), Sentence(cut, terms, round(weight, 4)))
    return tuple(best.values())


def _terms(sentence: str) -> frozenset[str]:
    found = words.terms(sentence)
    return frozenset(sorted(found, key=lambda word: (-len(word), word))[:MAX_TERMS])


def _weights(all_terms: Sequence[frozenset[str]]) -> list[float]:
    """Between 0 and 1: the mean share of words in common with each other sentence."""
    weights = [0.0] * len(all_terms)
    for first, terms in enumerate(all_terms):
        for second in range(first + 1, len(all_terms)):
            other = all_terms[second]
            common = len(terms & other)
            if common:
                share = common / (len(terms) + len(other) - common)
                weights[first] += share
                weights[second] += share
    others = max(len(all_terms) - 1, 1)
    return [weight / others for weight in weights]
