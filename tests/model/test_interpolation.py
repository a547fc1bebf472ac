"""Variables filled in as BuildKit does it."""

import pytest

from stackproof.model import glob
from stackproof.model.interpolation import expand

VALUES = {"A": "one", "E": "", "P": "a/b/c", "S": "x y"}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("$A", "one"),
        ("${A}s", "ones"),
        ("\\$A", "$A"),
        ("'$A'", "$A"),
        ('"$A"', "one"),
        ('"\\$A\\"\\x"', '$A"\\x'),
        ('"a\\', None),
        ("$", "$"),
        ("$/", "$/"),
        ("$1$@", ""),
        ("a\\", "a"),
        ("${B:-x}${B-y}${E:-z}${E-w}", "xyz"),
        ("${A:+x}${B+y}${E:+z}${E+w}", "xw"),
        ("${A:?x}${B?y}", "one"),
        ("${P#*/}|${P##*/}|${P%/*}|${P%%/*}", "b/c|c|a/b|a"),
        ("${P#?/}|${P#x}|${B#x}", "b/c|a/b/c|"),
        ("${P/\\//-}|${P//\\//-}|${P/x/y}|${P//?/z}", "a-b/c|a-b-c|a/b/c|zzzzz"),
        ("${B:-$A}", "one"),
        ("${B:-'}'}", "}"),
        ("${", None),
        ("${}", None),
        ("${{A}", None),
        ("${A", None),
        ("${A:", None),
        ("${A:-x", None),
        ("${A:=x}", None),
        ("${A:#x}", None),
        ("${A!}", None),
        ("'", None),
        ('"', None),
    ],
)
def test_forms(text: str, result: str | None) -> None:
    if result is None:
        with pytest.raises(ValueError, match=" "):
            expand(text, VALUES)
    else:
        assert expand(text, VALUES).text == result


def test_words_end_at_blanks_that_nothing_protects() -> None:
    assert expand("a  $S 'b c' \"d e\"\\ f ''", VALUES).words == ("a", "x", "y", "b c", "d e f")


def test_missing_names_are_those_without_value_and_default() -> None:
    assert expand("$B ${C} ${D:-x} ${E} ${F#x} ${G/a/b} ${H?} ${A#o}", VALUES).missing == ("B", "C", "F", "G", "H")


def test_raw_keeps_quotes_escapes_and_unknown_names() -> None:
    text = 'a \'b c\' "d \\" e" \\f $B ${B}'
    assert expand(text, {}, raw=True).text == text


def test_a_backtick_can_be_the_escape() -> None:
    assert expand("`$A \\n", VALUES, "`").text == "$A \\n"


def test_globs_take_what_a_backslash_protects() -> None:
    assert glob.cut_front("\\*", "*a", longest=False) == "a"
    assert glob.cut_front("a\\", "a\\b", longest=False) == "b"
    assert glob.cut_back("\\?*", "a?b", longest=True) == "a"
    assert glob.cut_front("x*y", "ab", longest=True) == "ab"
    with pytest.raises(ValueError, match="too long"):
        glob.replace("a", "b", "a" * 3000, everywhere=True)
