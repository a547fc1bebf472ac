"""No false alarm: what stackproof renders itself is silent, in every file of the golden stacks."""

from pathlib import Path

import pytest

from stackproof.adopt.dockerfile import load
from stackproof.check.rules.dockerfile import DOCKERFILE_RULES
from stackproof.model.facts import Project
from stackproof.model.findings import Inspected
from stackproof.model.source import SourceTree

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.mark.parametrize(
    "path", sorted(GOLDEN.rglob("Dockerfile")), ids=lambda path: str(path.parent.relative_to(GOLDEN))
)
def test_the_recommended_rules_are_silent(path: Path) -> None:
    inspected = Inspected(SourceTree({}), Project("shop", ()), (load(path.read_bytes(), str(path)),))
    for rule in DOCKERFILE_RULES:
        if rule.profile == "recommended":
            assert [(rule.id, each.found) for each in rule.check(inspected)] == []
