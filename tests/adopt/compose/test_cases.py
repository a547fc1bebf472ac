"""Every project that is held against Compose on an engine, without one: it loads, or is refused with a line."""

import re

import pytest

from stackproof.adopt.compose import load, refuse_gaps
from stackproof.errors import UserError
from stackproof.model.source import SourceTree
from tests.adopt.compose_cases import Case, cases


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_project(case: Case) -> None:
    tree = SourceTree({path: text.encode() for path, text in case.contents.items()}, name="project")
    if ": refused" not in case.name or case.name == "merging: refused lists of the same security_opt":
        found = load(tree, case.files, case.environment)
        refuse_gaps(found)
        assert found == load(tree, case.files, case.environment)
        assert set(found.document) >= {"name"}
        return
    with pytest.raises(UserError) as caught:
        refuse_gaps(load(tree, case.files, case.environment))
    assert re.match(r"[\w./-]+(:\d+)?: ", str(caught.value))
    assert caught.value.fix
