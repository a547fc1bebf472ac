"""Constructs of later Pythons, and files with them that an earlier one reads all the same."""

import pytest

from stackproof.model.facts import Syntax, Unreadable
from tests.detect.trees import facts, project


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("match x:\n    case 1:\n        pass\n", ["3.10 a match statement 1"]),
        ("match = 1\n", []),
        ("try:\n    pass\nexcept* ValueError:\n    pass\n", ["3.11 except* 1"]),
        ("type A[T] = list[T]\n", ["3.12 a type statement 1"]),
        ("def f[T](x: T) -> T: ...\n", ["3.12 type parameters 1"]),
        ("async def f[T](x: T) -> T: ...\n", ["3.12 type parameters 1"]),
        ("class C[T]:\n    pass\n", ["3.12 type parameters 1"]),
        ("type = 1\nx = '''\ntype A = int\n'''\n", []),
    ],
)
def test_syntax(code: str, expected: list[str]) -> None:
    files = {"app.py": code}
    assert [f"{item.python} {item.construct} {item.seen.line}" for item in facts(Syntax, files)] == expected
    assert not facts(Unreadable, files)


def test_what_is_no_python_at_all_is_still_said() -> None:
    found = project({"app.py": "type A = int\ndef (\n"})
    assert [str(item.seen) for item in found.all(Unreadable)] == ["app.py:2"]
