"""Every Compose file that the loader is tried with is a stack, or is refused in words."""

import pytest

from stackproof.adopt.compose import load
from stackproof.errors import UserError
from stackproof.model.source import SourceTree
from tests.adopt.compose_cases import Case, cases
from tests.adopt.given import PYTHON, proof, stack

ALL = tuple(cases())


@pytest.mark.parametrize("case", ALL, ids=[case.name for case in ALL])
def test_it_is_adopted_or_refused(case: Case) -> None:
    tree = SourceTree({path: text.encode() for path, text in case.contents.items()})
    try:
        made = stack(load(tree, case.files, case.environment), proof(tuple(range(20000, 20100))), PYTHON)
    except UserError:  # which always has words and a fix
        return
    assert made.adopted is not None
    assert all(each.publish is None or each.publish.port >= 20000 for each in made.services)
