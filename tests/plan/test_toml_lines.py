"""Lines of keys in a TOML text."""

import pytest

from stackproof.plan.toml_lines import lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a = 1\n\nb = 2\n", {"a": 1, "b": 3}),
        ("[a.b]\nc = 1\n", {"a.b": 1, "a.b.c": 2}),
        ("[[a]]\nb = 1\n[[a]]\nb = 2\n", {"a": 1, "a.b": 2}),
        ("a.b . c = 1", {"a.b.c": 1}),
        ("\"a\" = 1\n'b'.c = 2\n", {"a": 1, "b.c": 2}),
        ("# a = 1\n", {}),
        ('a = """\nb = 1\n"""\nc = 1\n', {"a": 1, "c": 4}),
        ("a = '''\n\"\"\"\nb = 1\n'''\nc = 1\n", {"a": 1, "c": 5}),
    ],
)
def test_keys_have_lines(text: str, found: dict[str, int]) -> None:
    assert lines(text) == found
