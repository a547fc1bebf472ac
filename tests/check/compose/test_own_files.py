"""No false alarm: the recommended rules are silent about every Compose file that stackproof renders."""

from pathlib import Path

import pytest

from stackproof.adopt.compose import load
from stackproof.check.rules.compose import COMPOSE_RULES
from stackproof.model.facts import Project
from stackproof.model.findings import Inspected
from stackproof.model.source import SourceTree

GOLDEN = Path(__file__).parents[2] / "golden"
FILES = sorted(GOLDEN.glob("*/deploy/compose.*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_what_we_render_is_silent(path: Path) -> None:
    root = path.parents[1]
    files = {each.relative_to(root).as_posix(): each.read_bytes() for each in root.rglob("*") if each.is_file()}
    tree = SourceTree(files, name=root.name)
    inspected = Inspected(tree, Project("shop", ()), (), (load(tree, (path.relative_to(root).as_posix(),)),))
    found = [
        f"{rule.id}: {each.at} {each.found}"
        for rule in COMPOSE_RULES
        if rule.profile == "recommended"
        for each in rule.check(inspected)
    ]
    assert found == []


def test_there_are_files() -> None:
    assert len(FILES) >= 12
