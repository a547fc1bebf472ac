"""Compose texts looked at by one rule."""

import re

from stackproof.adopt.compose import load
from stackproof.check.rules.compose import COMPOSE_RULES
from stackproof.model.facts import Project
from stackproof.model.findings import Inspected, Rule, Sighting
from stackproof.model.source import SourceTree

_FILE = re.compile(r"# file: (\S+)\n")


def rule(number: str) -> Rule:
    (found,) = [each for each in COMPOSE_RULES if each.id.startswith(f"{number}-")]
    return found


def seen(number: str, text: str, **more: str) -> list[Sighting]:
    """What the rule says about one file; its first line may name it. `more` are files beside it."""
    named = _FILE.match(text)
    path = named[1] if named else "compose.yaml"
    beside = {name.replace("__", ".").replace("_", "."): body.encode() for name, body in more.items()}
    tree = SourceTree({path: text.encode(), **beside})
    return list(rule(number).check(Inspected(tree, Project("shop", ()), (), (load(tree, (path,)),))))
