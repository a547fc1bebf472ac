"""SR141: an ARG is declared in the stage that uses it."""

import re
from collections.abc import Iterator

from stackproof.check.rules.dockerfile.looking import escaped, over, sighting, walked
from stackproof.model import words
from stackproof.model.dockerfile import Dockerfile, Instruction
from stackproof.model.findings import Rule, Sighting
from stackproof.model.interpolation import expand
from stackproof.model.scope import EXPANDING
from stackproof.model.shell import script

_VARIABLE = re.compile(r"(?<!\\)\$(?:(\w+)|\{(\w+)\})")
_SET = re.compile(r"\b(\w+)=|\b(?:read|for)\s+(\w+)")


def _look(file: Dockerfile) -> Iterator[Sighting]:
    above = {name for said in file.arguments for name, _ in words.pairs(said, escaped(file))}
    for stage in walked(file):
        for seen in stage:
            for name in sorted((above - seen.declared) & _used(seen.said, escaped(file))):
                yield sighting(seen.said, f"{name} is empty here: its ARG stands before the first FROM")


def _used(said: Instruction, mark: str) -> set[str]:
    """Names that are filled in here; not those of a RUN that its own shell sets."""
    if said.keyword in EXPANDING:
        return {name for each in said.exec or (said.words,) for name in expand(each, {}, mark).missing}
    if said.keyword != "RUN":
        return set()
    text = script(said)
    named = {plain or braced for plain, braced in _VARIABLE.findall(text)}
    return named - {before or after for before, after in _SET.findall(text)}


RULE = Rule(
    id="SR141-argument-out-of-scope",
    says="An ARG is declared in the stage that uses it.",
    fix="Repeat `ARG NAME` below the FROM.",
    severity="error",
    profile="recommended",
    check=over(_look),
)
