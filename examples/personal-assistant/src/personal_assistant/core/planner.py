"""A message becomes the steps that answer it: which tool, with what words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from personal_assistant.memory import text as words

MAX_STEPS = 20

# A sentence goes to the first tool whose pattern it meets; the group is what the tool is given.
# Every repetition has a bound: the sentences come from outside.
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (tool, re.compile(pattern, re.IGNORECASE))
    for tool, pattern in (
        ("reminders.add", r"^(?:please )?remind me (?:to )?(.{1,500})$"),
        ("reminders.list", r"\b(?:list|show|what are)\b.{0,40}\breminders\b()"),
        ("notes.add", r"^(?:please )?(?:note|write)(?: down)?(?: that|:) (.{1,500})$"),
        ("notes.list", r"\b(?:list|show|what are)\b.{0,40}\bnotes\b()"),
        ("clock", r"\bwhat (?:time|day|date) is it\b()"),
        ("calculator", r"^(?:calculate|what is|how much is) ([\d\s.+*/()%-]{1,200})\??$"),
    )
)


@dataclass(frozen=True)
class Step:
    tool: str
    given: str


def plan(text: str) -> tuple[Step, ...]:
    """No steps means that the reply comes from memory alone."""
    found = (step for sentence in words.sentences(text) for step in _steps(sentence))
    return tuple(step for step, _ in zip(found, range(MAX_STEPS), strict=False))


def _steps(sentence: str) -> Iterator[Step]:
    bare = sentence.rstrip(".!")
    for tool, pattern in _RULES:
        if found := pattern.search(bare):
            yield Step(tool, found[1].strip())
            return
