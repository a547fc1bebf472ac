"""`check` looks only for facts that rules ask for; these are the same as detection finds."""

import ast
from pathlib import Path

import pytest

import stackproof.check
from stackproof.detect import detect
from stackproof.model import facts
from stackproof.pipeline import checking
from stackproof.tools import disk
from tests.render.golden import EXAMPLES, NAMES


def _asked() -> set[str]:
    """Kinds of facts that modules of `check` import."""
    texts = [path.read_text() for path in Path(stackproof.check.__file__).parent.rglob("*.py")]
    nodes = [node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in nodes if node.module == "stackproof.model.facts" for alias in node.names}


@pytest.mark.parametrize("name", NAMES)
def test_they_are_the_same(name: str) -> None:
    tree = disk.read(EXAMPLES / name)
    some, every = checking.known(tree), detect(tree)
    for kind in _asked():
        assert some.all(getattr(facts, kind)) == every.all(getattr(facts, kind)), kind
