"""Lines of shell into simple commands."""

import pytest

from stackproof.adopt.dockerfile import load
from stackproof.model.shell import Simple, commands, script


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a b && c || d; e | f & g", [["a", "b"], ["c"], ["d"], ["e"], ["f"], ["g"]]),
        ("a 'b c' \"d $e\" f\\ g \\\n h", [["a", "b c", "d $e", "f g", "h"]]),
        ('a $(b && c) ${d:-;} `e;f` "$(g "h")"', [["a", "$(b && c)", "${d:-;}", "`e;f`", '$(g "h")']]),
        ("a # b\nc #d", [["a"], ["c"]]),
        ("a#b 2>&1 &>c >&2", [["a#b", "2>&1", "&>c", ">&2"]]),
        ("(a; b)", [["a"], ["b"]]),
        ("a '", [["a", ""]]),
        ('a "b\\', [["a", "b"]]),
        ("a $(b", [["a", "$(b"]]),
        ("a ''", [["a", ""]]),
        ("", []),
    ],
)
def test_lines(line: str, words: list[list[str]]) -> None:
    assert [list(each.words) for each in commands(line)] == words


def test_operators_around() -> None:
    assert [(each.before, each.after) for each in commands("a && b | c")] == [("", "&&"), ("&&", "|"), ("|", "")]


@pytest.mark.parametrize(
    ("words", "program", "arguments"),
    [
        (("A=b", "/usr/bin/curl", "x"), "curl", ("x",)),
        (("if", "!", "sudo", "-E", "apt-get", "update"), "apt-get", ("update",)),
        (("exec", "env", "A=b", "python"), "python", ()),
        (("A=b",), "", ()),
    ],
)
def test_the_program_stands_behind_what_only_prepares_it(
    words: tuple[str, ...], program: str, arguments: tuple[str, ...]
) -> None:
    assert (Simple(words).program, Simple(words).arguments) == (program, arguments)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("RUN a && b", "a && b"),
        ('RUN ["a", "b\'c"]', "'a' 'b'\\''c'"),
        ('RUN ["/bin/sh", "-ec", "a; b"]', "a; b"),
        ("RUN <<E\na\nE", "a\n"),
        ("RUN <<E\n#!/bin/bash\na\nE", "#!/bin/bash\na\n"),
        ("RUN <<E\n#!/usr/bin/env python3\na\nE", ""),
        ("RUN bash <<E\na\nE", "bash <<E\na\n"),
        ("RUN python <<E\na\nE", "python <<E"),
    ],
)
def test_what_the_shell_reads(said: str, text: str) -> None:
    assert script(load(f"FROM a\n{said}\n", "D").stages[0].instructions[0]) == text
