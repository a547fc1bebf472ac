"""Clean text to a knowledge graph: names and frequent terms, related where they meet.

No model and no randomness: the same text gives the same graph. Time grows with the length
of the text, memory is bounded by MAX_NODES.
"""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import log2

from tubeatlas.text import STOP_WORDS, terms, words_of

MAX_NODES = 400
MAX_EDGES = 1_000
_FREQUENT_TERMS = 50
_FREQUENT = 3
_SENTENCE_WORDS = 40
_WINDOW = 5

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_NAME = re.compile(r"[^\W\d_a-z][\w'\u2019-]*(?: [^\W\d_a-z][\w'\u2019-]*)*")

Pair = tuple[str, str]


@dataclass(frozen=True)
class Node:
    name: str
    mentions: int


@dataclass(frozen=True)
class Edge:
    source: str
    target: str
    together: int
    weight: float


@dataclass(frozen=True)
class Graph:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def build(text: str) -> Graph:
    sentences = list(_sentences(text))
    known = _common_words(text)
    frequent = _frequent_terms(text)
    found = [_entities(sentence, known, frequent) for sentence in sentences]
    nodes = _nodes(found)
    kept = {node.name for node in nodes}
    per_sentence = [sorted(kept.intersection(entities)) for entities in found]
    return Graph(nodes, _edges(per_sentence))


def _sentences(text: str) -> Iterator[str]:
    """Captions often lack full stops, so no sentence is longer than _SENTENCE_WORDS."""
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        for start in range(0, len(words), _SENTENCE_WORDS):
            yield " ".join(words[start : start + _SENTENCE_WORDS])


def _common_words(text: str) -> frozenset[str]:
    """What also occurs in lower case is no name but the first word of a sentence."""
    return STOP_WORDS.union(word for word in words_of(text) if word[0].islower())


def _frequent_terms(text: str) -> frozenset[str]:
    lower_case = [word for word in words_of(text) if word.islower()]
    ranked = sorted(terms(lower_case).items(), key=lambda term: (-term[1], term[0]))
    return frozenset(word for word, count in ranked[:_FREQUENT_TERMS] if count >= _FREQUENT)


def _entities(sentence: str, known: frozenset[str], frequent: frozenset[str]) -> Counter[str]:
    names = (_without_common_start(match, known) for match in _NAME.findall(sentence))
    common = (word for word in words_of(sentence) if word in frequent)
    return Counter(entity for entity in (*names, *common) if entity)


def _without_common_start(name: str, known: frozenset[str]) -> str:
    words = name.split(" ")
    while words and words[0].lower() in known:
        words.pop(0)
    return " ".join(words).removesuffix("'s").removesuffix("\u2019s")


def _nodes(found: Iterable[Counter[str]]) -> tuple[Node, ...]:
    mentions: Counter[str] = Counter()
    for entities in found:
        mentions.update(entities)
    ranked = sorted(mentions.items(), key=lambda entity: (-entity[1], entity[0]))
    return tuple(Node(name, count) for name, count in ranked[:MAX_NODES])


def _edges(per_sentence: list[list[str]]) -> tuple[Edge, ...]:
    """Weighted by pointwise mutual information, kept above 0; 1 is what chance would give."""
    windows = 0
    alone: Counter[str] = Counter()
    together: Counter[Pair] = Counter()
    for names in _windows(per_sentence):
        windows += 1
        alone.update(names)
        together.update(combinations(names, 2))
    edges = [
        Edge(a, b, count, round(log2(1 + count * windows / (alone[a] * alone[b])), 4))
        for (a, b), count in together.items()
    ]
    edges.sort(key=lambda edge: (-edge.weight * edge.together, edge.source, edge.target))
    return tuple(edges[:MAX_EDGES])


def _windows(per_sentence: list[list[str]]) -> Iterator[list[str]]:
    """The names in each run of _WINDOW sentences, in alphabetical order."""
    recent: deque[list[str]] = deque(maxlen=_WINDOW)
    for names in per_sentence:
        recent.append(names)
        yield sorted({name for sentence in recent for name in sentence})
