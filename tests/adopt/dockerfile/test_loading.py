"""Dockerfiles into the nouns: what is accepted, what is refused, and with which words."""

import pytest

from stackproof.adopt.dockerfile import load
from stackproof.adopt.dockerfile.loading import MOST
from stackproof.adopt.dockerfile.text import LARGEST, LONGEST
from stackproof.errors import UserError
from stackproof.model.dockerfile import Heredoc, Instruction
from tests.adopt.dockerfile.cases import ACCEPTED, REFUSED, UNTRIED


def only(text: str) -> Instruction:
    """The one instruction after FROM."""
    (said,) = load(f"FROM scratch\n{text}", "Dockerfile").stages[0].instructions
    return said


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_buildkit_takes_is_taken(text: str) -> None:
    assert load(text, "Dockerfile").stages


@pytest.mark.parametrize("text", [*REFUSED, *UNTRIED])
def test_what_buildkit_refuses_is_refused_with_place_and_fix(text: str) -> None:
    with pytest.raises(UserError, match=r"^Dockerfile") as refused:
        load(text, "Dockerfile")
    assert refused.value.fix


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("FROM a\nRUN x\n".encode("utf-16"), "D:1 is written in UTF-16"),
        (b"FROM a\nRUN x\0y\n", "D:2 has a NUL byte"),
        (b"FROM a\nENV A=\xff\n", "D:2 is not UTF-8"),
        (b"FROM a\nRUN " + b"x" * LONGEST, f"D:2 has {LONGEST + 4} bytes in one line"),
        (b"#" * (LARGEST + 1), "D is larger than 256 KiB"),
        (b"FROM a\n" + b"RUN x\n" * MOST, f"D:{MOST + 1} is instruction {MOST + 1}"),
        ("FROM a\n" + "ENV A=" + "${A:-" * 60, "more than 50 deep"),
        ("FROM a\nENV A=aa\n" + "ENV A=$A$A\n" * 40, "longer than 65536 letters"),
        ("FROM a\nENV A=" + "x" * 60_000 + "\n" + "LABEL a=$A\n" * 20, "makes the values of the file longer"),
        ("FROM a\nENV A=" + "a" * 60_000 + "\nLABEL a=${A#" + "*b" * 99 + "}", "D:3"),
        ("FROM a\nENV A=" + "a" * 60_000 + "\nENV B=${A#" + "*b" * 99 + "}", "D:3"),
        ("ARG A=${\nFROM a\n", "D:1"),
        ("ARG A=" + "a" * 60_000 + "\nARG B=$A$A\nFROM a\n", "D:1"),
        ("FROM a\nENV 'A=b c'\n", "D:2 cannot be read: a single quote"),
        ("FROM a\nRUN [1, <<EOF\nCMD [1]", "D:2 begins a here-document"),
        ('FROM a\nRUN [1, "<<EOF"]\n', "not everything is a string"),
        ("FROM a\nRUN echo ' <<EOF\n", "a single quote that nothing closes"),
    ],
)
def test_hostile_content_gets_one_sentence(content: str | bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        load(content, "D")


def test_a_comment_may_be_in_any_encoding() -> None:
    assert load(b"# \xe9t\xe9\nFROM a\n", "D").stages[0].base == "a"


def test_bytes_and_line_ends_make_no_difference() -> None:
    plain = load("FROM a\nENV A=b \\\n  C=d\nLABEL x=y\n", "D")
    assert load("FROM a\r\nENV A=b \\\r\n  C=d\r\nLABEL x=y\r\n".encode("utf-8-sig"), "D") == plain


def test_places_count_continuations_comments_and_heredocs() -> None:
    file = load("# syntax=docker/dockerfile:1\nFROM a\nRUN x \\\n# c\n\n  y\nCOPY <<E /f\nE:\nE\nUSER 1\n", "D")
    assert file.directives == (("syntax", "docker/dockerfile:1"),)
    assert [(each.keyword, each.seen.line, each.last) for each in file.stages[0].instructions] == [
        ("RUN", 3, 6),
        ("COPY", 7, 9),
        ("USER", 10, 10),
    ]
    assert file.stages[0].instructions[0].words == "x   y"


def test_heredocs_keep_their_quotes_and_tabs_in_mind() -> None:
    said = only("RUN cat <<A <<-'B' 3<<\"C\"\n$x\nA\n\t$y\n\tB\nC\n")
    assert said.heredocs == (
        Heredoc("A", "$x\n", expand=True, strip=False),
        Heredoc("B", "$y\n", expand=False, strip=True),
        Heredoc("C", "", expand=False, strip=False),
    )


def test_what_only_looks_like_a_heredoc() -> None:
    assert only("RUN cat <<<x <<''\n").heredocs == ()
    assert only("ENV A=<<EOF\n").heredocs == ()
    assert only('RUN ["cat", "<<EOF"]\n').heredocs == ()


def test_the_exec_form_is_what_json_is() -> None:
    assert only('CMD ["a", "b"]').exec == ("a", "b")
    assert only("CMD ['a']").exec is None
    assert only("CMD [NaN]").exec is None
    assert only("CMD " + "[" * 30_000).exec is None
    assert only('HEALTHCHECK --retries=2 CMD ["a"]').exec == ("a",)
    assert only("HEALTHCHECK CMD a [").exec is None


def test_flags_lose_their_quotes_and_end_at_two_hyphens() -> None:
    assert only('COPY --chown="a b" --link a b').flags == (("chown", "a b"), ("link", ""))
    assert only("COPY --chown='a\"b'\\c a b").flags == (("chown", 'a"bc'),)
    assert only("RUN --network=none").words == ""
    assert only("COPY -- --a b").words == "--a b"
    assert only("RUN --mount=type=cache,target=$X,mode=$Y x").flags[0][0] == "mount"
    assert only("RUN --network=$N --security=insecure --device=a --device=b x").words == "x"


def test_newer_flags_are_known() -> None:
    assert only("COPY --parents --exclude=a --exclude=b c d").words == "c d"
    assert only("ADD --unpack=true --keep-git-dir=false --checksum=sha256:0 a b").words == "a b"
    assert only("RUN --mount=type=secret,id=a,env=B,required x").words == "x"
    assert only("RUN --mount=type=ssh x").words == "x"


@pytest.mark.parametrize(
    "mount",
    ["type=secret,id=a,source=b", "type=cache,target=/a,required", "type=tmpfs,target=/a,size=x", "target=/a,ro=maybe"],
)
def test_mounts_with_words_out_of_place_are_refused(mount: str) -> None:
    with pytest.raises(UserError, match="D:2"):
        load(f"FROM a\nRUN --mount={mount} x", "D")


def test_a_trigger_is_an_instruction_of_its_own() -> None:
    said = only("ONBUILD COPY --chown=1 a b")
    assert said.trigger is not None
    assert (said.trigger.keyword, said.trigger.flags, said.trigger.words) == ("COPY", (("chown", "1"),), "a b")


def test_bases_are_filled_in() -> None:
    text = "ARG V=3.12\nARG T=python:$V\nFROM ${T}-slim AS A\nFROM a\nFROM $NOBODY\nFROM x-${TARGETARCH}\n"
    assert [each.base for each in load(text, "D").stages] == ["python:3.12-slim", "a", "$NOBODY", "x-amd64"]
    given = load(text, "D", {"V": "3.13", "TARGETARCH": "arm64", "NOBODY": "b"})
    assert [each.base for each in given.stages] == ["python:3.13-slim", "a", "$NOBODY", "x-arm64"]
    assert [each.name for each in given.stages] == ["a", None, None, None]


def test_an_unknown_directive_makes_the_next_ones_comments() -> None:
    file = load("# what=x\n# escape=`\nFROM a\nLABEL a=b \\\n c=d\n", "D")
    assert file.directives == ()
    assert file.stages[0].instructions[0].last == 5
