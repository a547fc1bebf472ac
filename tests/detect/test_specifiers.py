"""Poetry's and Pipenv's constraints in the standard form."""

import pytest

from stackproof.detect.specifiers import standard


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("^1.2", ">=1.2,<2.0"),
        ("^0.3.1", ">=0.3.1,<0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("~3.11.2", ">=3.11.2,<3.12"),
        ("~3", "~3"),
        ("~=3.11", "~=3.11"),
        ("*", ""),
        ("", ""),
        ("1.2", "==1.2"),
        ("1.*", "==1.*"),
        (">=1 <3", ">=1,<3"),
        (">=1, !=1.5", ">=1,!=1.5"),
        ("^1 || ^2", ""),
        ("^one", "^one"),
    ],
)
def test_standard(constraint: str, expected: str) -> None:
    assert standard(constraint) == expected
