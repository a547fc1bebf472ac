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


def _look(file: Dockerfile) -> Iterator[Sighting]:
    above = {name for said in file.arguments for name, _ in words.pairs(said, escaped(file))}
    for stage in walked(file):
        for seen in stage:
            for name in sorted(above - seen.declared):
                if _uses(seen.said, name, escaped(file)):
                    yield sighting(seen.said, f"{name} is empty here: its ARG stands before the first FROM")


def _uses(said: Instruction, name: str, mark: str) -> bool:
    if said.keyword in EXPANDING:
        return any(name in expand(each, {}, mark).missing for each in said.exec or (said.words,))
    if said.keyword != "RUN":
        return False
    text = script(said)
    used = re.search(rf"(?<!\\)\$(?:{re.escape(name)}\b|\{{{re.escape(name)}\}})", text)
    return used is not None and re.search(rf"\b{re.escape(name)}=|\b(?:read|for)\s+{re.escape(name)}\b", text) is None


RULE = Rule(
    id="SR141-argument-out-of-scope",
    says="An ARG is declared in the stage that uses it.",
    fix="Repeat `ARG NAME` below the FROM.",
    severity="error",
    profile="recommended",
    check=over(_look),
)
