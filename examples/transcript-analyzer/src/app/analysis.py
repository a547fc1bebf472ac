"""A transcript becomes parts, each part findings, and all findings together one analysis.

Plain counting; the same text and prompts give the same analysis, on any machine. The costly step
is the comparison of every sentence of a part with every other one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import sqrt
from typing import Any, NamedTuple

from pydantic import BaseModel

from src.app.prompts import Prompt

PART_CHARACTERS = 12_000

_LONGEST_SENTENCE = 600  # characters; speech without a full stop is cut into pieces of this size
_TIME = re.compile(r"^[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?\s*")
_SPEAKER = re.compile(r"^([^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*){0,3}):(?:\s+|$)")
_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[^\W_][\w'-]*")

_STOP_WORDS = frozenset(
    "a about after again all also am an and any are as at be because been before being but by "
    "can could did do does doing down each even few for from further get go going gonna got had "
    "has have having he her here hers him his how i i'll if in into is it it's its just know let "
    "let's like made make me mean more most must my need no nor not now of off oh okay on one "
    "only or other our out over own please really right said same say see she should so some "
    "such take than that that's the their them then there these they thing things think this "
    "those through time to today too under until up us very want was way we we'll well were what "
    "when where which while who why will with would yeah yes you your".split()
)


class Sentence(NamedTuple):
    speaker: str  # empty if nobody is named
    text: str


class Spoken(BaseModel):
    speaker: str
    text: str


class Ranked(Spoken):
    score: float
    part: int
    position: int


class Findings(BaseModel):
    sentences: int
    words: int
    terms: dict[str, int]
    said_by: dict[str, tuple[int, int]]  # sentences and words
    questions: list[Spoken]
    action_items: list[Spoken]
    central: list[Ranked]


class Part(BaseModel):
    number: int
    sentences: list[Sentence]


Prompts = dict[str, Prompt]
Items = list[dict[str, Any]]


def has_words(text: str) -> bool:
    return _WORD.search(text) is not None


def parts(text: str, characters: int = PART_CHARACTERS) -> Iterator[Part]:
    """Whole sentences, together at most so many characters (or a single sentence)."""
    number, held, size = 0, list[Sentence](), 0
    for sentence in sentences(text):
        if held and size + len(sentence.text) > characters:
            yield Part(number=number, sentences=held)
            number, held, size = number + 1, [], 0
        held.append(sentence)
        size += len(sentence.text)
    if held:
        yield Part(number=number, sentences=held)


def sentences(text: str) -> Iterator[Sentence]:
    """A speaker is named at the start of a line ("Ada Lovelace: ...") and stays until the next."""
    speaker = ""
    for raw in text.splitlines():
        line = _TIME.sub("", raw.strip())
        if named := _SPEAKER.match(line):
            speaker, line = named[1], line[named.end() :]
        for said in _END.split(" ".join(line.split())):
            yield from (Sentence(speaker, piece) for piece in _pieces(said) if has_words(piece))


def analyse(part: Part, prompts: Prompts) -> Findings:
    words = [_WORD.findall(sentence.text.lower()) for sentence in part.sentences]
    said_by: dict[str, tuple[int, int]] = {}
    for sentence, spoken in zip(part.sentences, words, strict=True):
        count, length = said_by.get(sentence.speaker, (0, 0))
        said_by[sentence.speaker] = (count + 1, length + len(spoken))
    return Findings(
        sentences=len(part.sentences),
        words=sum(len(spoken) for spoken in words),
        terms=Counter(word for spoken in words for word in spoken if _is_term(word)),
        said_by=said_by,
        questions=_spoken(_questions(part.sentences, prompts["questions"])),
        action_items=_spoken(_action_items(part.sentences, prompts["action_items"])),
        central=_central(part, words, prompts["summary"].limit),
    )


def merge(found: list[Findings], prompts: Prompts) -> dict[str, Any]:
    """The findings of the parts, in the order of the parts."""
    items = {
        "summary": _summary(found, prompts["summary"].limit),
        "key_terms": _key_terms(found, prompts["key_terms"].limit),
        "speakers": _speakers(found, prompts["speakers"].limit),
        "questions": _once(said for part in found for said in part.questions),
        "action_items": _once(said for part in found for said in part.action_items),
    }
    return {
        "sentences": sum(part.sentences for part in found),
        "words": sum(part.words for part in found),
        "sections": [
            {
                "key": prompt.key,
                "title": prompt.title,
                "description": prompt.description,
                "items": items[prompt.key][: prompt.limit],
            }
            for prompt in prompts.values()
        ],
    }


def _pieces(said: str) -> Iterator[str]:
    for start in range(0, len(said), _LONGEST_SENTENCE):
        yield said[start : start + _LONGEST_SENTENCE]


def _is_term(word: str) -> bool:
    return len(word) > 2 and word not in _STOP_WORDS


def _questions(every: list[Sentence], prompt: Prompt) -> list[Sentence]:
    begins = tuple(f"{phrase} " for phrase in prompt.phrases)
    asked = (said for said in every if said.text[-1] == "?" or said.text.lower().startswith(begins))
    return _first(asked, prompt.limit)


def _action_items(every: list[Sentence], prompt: Prompt) -> list[Sentence]:
    phrases = "|".join(re.escape(phrase) for phrase in prompt.phrases)
    wanted = re.compile(rf"\b(?:{phrases})\b", re.IGNORECASE) if phrases else None
    return _first((said for said in every if wanted and wanted.search(said.text)), prompt.limit)


def _first(every: Iterable[Sentence], limit: int) -> list[Sentence]:
    """Each once, however often it was said."""
    return list(dict.fromkeys(every))[:limit]


def _spoken(every: Iterable[Sentence]) -> list[Spoken]:
    return [Spoken(speaker=said.speaker, text=said.text) for said in every]


def _central(part: Part, words: list[list[str]], limit: int) -> list[Ranked]:
    """The sentences that share most terms with the others of the part (as in LexRank)."""
    terms = [frozenset(filter(_is_term, spoken)) for spoken in words]
    rich = [number for number, found in enumerate(terms) if len(found) > 1]
    scores = _centrality([terms[number] for number in rich])
    best = sorted(zip(scores, rich, strict=True), key=lambda item: (-item[0], item[1]))[:limit]
    return [
        Ranked(**part.sentences[at]._asdict(), score=round(score, 6), part=part.number, position=at)
        for score, at in best
    ]


def _centrality(terms: list[frozenset[str]]) -> list[float]:
    """The mean cosine similarity of each set to all the others."""
    scores = [0.0] * len(terms)
    for at, left in enumerate(terms):
        for before in range(at):
            right = terms[before]
            if shared := len(left & right):
                similarity = shared / sqrt(len(left) * len(right))
                scores[at] += similarity
                scores[before] += similarity
    return [score / max(len(terms) - 1, 1) for score in scores]


def _once(every: Iterable[Spoken]) -> Items:
    pairs = dict.fromkeys((said.speaker, said.text) for said in every)
    return [{"speaker": speaker, "text": text} for speaker, text in pairs]


def _summary(found: list[Findings], limit: int) -> Items:
    every = [said for part in found for said in part.central]
    best: dict[str, Ranked] = {}
    for said in sorted(every, key=lambda said: (-said.score, said.part, said.position)):
        best.setdefault(said.text, said)
    spoken = sorted(list(best.values())[:limit], key=lambda said: (said.part, said.position))
    return [{"speaker": said.speaker, "text": said.text} for said in spoken]


def _key_terms(found: list[Findings], limit: int) -> Items:
    counts: Counter[str] = Counter()
    for part in found:
        counts.update(part.terms)
    ranked = sorted(counts.items(), key=lambda term: (-term[1], term[0]))
    return [{"term": term, "count": count} for term, count in ranked[:limit]]


def _speakers(found: list[Findings], limit: int) -> Items:
    totals: dict[str, tuple[int, int]] = {}
    for part in found:
        for name, (count, length) in part.said_by.items():
            before = totals.get(name, (0, 0))
            totals[name] = (before[0] + count, before[1] + length)
    ranked = sorted(totals.items(), key=lambda said: (-said[1][1], said[0]))
    return [
        {"speaker": name, "sentences": count, "words": length}
        for name, (count, length) in ranked[:limit]
    ]
