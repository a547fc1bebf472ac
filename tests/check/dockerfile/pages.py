"""A rule's page and its examples."""

import re
from pathlib import Path

from stackproof.adopt.dockerfile import load
from stackproof.model.facts import Project
from stackproof.model.findings import Inspected, Rule, Sighting
from stackproof.model.source import SourceTree

FOLDER = Path(__file__).parents[3] / "docs" / "rules"
HEADINGS = ("Why", "Wrong", "Right", "How to fix")
_BLOCK = re.compile(r"^## (\w+)\n\n```dockerfile\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page(rule: Rule) -> str:
    return (FOLDER / f"{rule.id}.md").read_text(encoding="utf-8")


def examples(rule: Rule) -> dict[str, str]:
    return dict(_BLOCK.findall(page(rule)))


def sightings(rule: Rule, text: str, path: str = "Dockerfile") -> list[Sighting]:
    tree = SourceTree({path: text.encode()})
    return list(rule.check(Inspected(tree, Project("shop", ()), (load(text, path),))))
