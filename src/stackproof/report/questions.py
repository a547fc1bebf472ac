"""What a reader asks, and which claims answer it."""

from collections.abc import Mapping
from dataclasses import dataclass

from stackproof.model.proof import Evidence, Record


@dataclass(frozen=True)
class Question:
    id: str
    asks: str


BUILD = Question("build", "Can a stranger build it?")
START = Question("start", "Does it start?")
WORK = Question("work", "Does it do its work?")
LOCKED = Question("locked", "Is it locked down?")
FAULTS = Question("faults", "What happens when something dies?")
APART = Question("apart", "Are the environments apart?")
INSIDE = Question("inside", "What is inside?")
LOAD = Question("load", "Does it keep up?")
QUESTIONS = (BUILD, START, WORK, LOCKED, FAULTS, APART, INSIDE, LOAD)

# A claim that stands in no row answers what its group is usually about.
OF_GROUP: Mapping[str, Question] = {"source": BUILD, "image": INSIDE, "running": WORK, "fault": FAULTS}
_CLAIMS: Mapping[Question, str] = {
    BUILD: "SP101 SP102 SP103 SP106 SP110 SP201 SP207",
    START: "SP108 SP301 SP302 SP303 SP318 SP325 SP331",
    WORK: "SP307 SP308 SP309 SP311 SP312 SP314 SP319 SP320 SP321 SP330",
    LOCKED: "SP203 SP204 SP206 SP304 SP305 SP306 SP310 SP313 SP315 SP316 SP322 SP333",
    FAULTS: "SP107 SP323 SP326 SP329 SP332 SP401 SP402 SP403 SP404 SP405 SP406 SP407 SP408 SP409 SP410 SP411"
    " SP412 SP413 SP414",
    APART: "SP104 SP105 SP324",
    INSIDE: "SP202 SP205 SP208 SP209 SP210",
    LOAD: "SP317 SP328 SP417 SP418 SP419",
}
OF_CLAIM: Mapping[str, Question] = {number: asked for asked, line in _CLAIMS.items() for number in line.split()}


def question(item: Evidence) -> Question:
    number = item.claim.partition("-")[0]
    return OF_CLAIM.get(number) or OF_GROUP.get(item.group, WORK)


def asked(record: Record) -> list[tuple[Question, list[Evidence]]]:
    """Every question that the record has an answer to, in the order in which readers ask."""
    answers = [(one, [item for item in record.evidence if question(item) == one]) for one in QUESTIONS]
    return [(one, items) for one, items in answers if items]
