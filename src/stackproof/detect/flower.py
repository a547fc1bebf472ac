"""Flower, recognised among the dependencies of any group."""

from collections.abc import Iterator

from stackproof.detect import requirements
from stackproof.model.facts import Fact, Flower
from stackproof.model.source import SourceTree


def detect(tree: SourceTree) -> Iterator[Fact]:
    asked = next((item for item in requirements.asked(tree) if item.name == "flower"), None)
    if asked:
        yield Flower(asked.seen)
