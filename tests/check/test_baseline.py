"""Known findings are found again where lines move; only new ones count, and gone ones are told."""

import pytest

from stackproof.check import baseline
from stackproof.errors import UserError
from stackproof.model.findings import Wanted
from tests.check.looking import looked

RULE = Wanted("strict", only=("SR505",))
ONE = "server {\n    ssl_protocols TLSv1;\n}\n"
TWO = "\n\nserver {\n    ssl_protocols TLSv1;\n    ssl_protocols TLSv1;\n}\n"


def test_lines_move() -> None:
    before = looked({"a.conf": ONE, "b.conf": ONE}, RULE)
    stored = baseline.load(baseline.dump(before).encode(), "known.json")
    now = baseline.against(looked({"a.conf": TWO}, RULE), stored)
    assert ([each.at.line for each in now.findings], now.known) == ([5], 1)
    assert [each.path for each in now.gone] == ["b.conf"]


def test_a_finding_about_a_whole_file_has_no_line() -> None:
    found = looked({".gitignore": "x", "id_rsa": "x"}, Wanted(only=("SR312",)))
    assert not baseline.against(found, baseline.load(baseline.dump(found).encode(), "known.json")).findings


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"schema": 2, "findings": []}', '{"schema": 1, "findings": [{"rule": 1}]}']
)
def test_what_is_no_baseline(text: str) -> None:
    with pytest.raises(UserError, match=r"known\.json: not"):
        baseline.load(text.encode(), "known.json")
