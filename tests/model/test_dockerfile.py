"""What a Dockerfile says as a whole: scope of variables, effective configuration, words of instructions, bases."""

import pytest

from stackproof.adopt.dockerfile import load
from stackproof.model import base_images, words
from stackproof.model.dockerfile import Dockerfile, Instruction
from stackproof.model.effective import effective
from stackproof.model.scope import walk


def file(text: str) -> Dockerfile:
    return load(text, "Dockerfile")


def only(text: str) -> Instruction:
    return file(f"FROM a\n{text}").stages[0].instructions[0]


def test_arguments_count_where_they_are_declared() -> None:
    found = file("ARG G=1\nARG H\nFROM a AS x\nARG G\nARG H\nARG I=$G$H\nENV I=2 J=$I\nRUN x\nFROM x\nRUN y\n")
    first, second = walk(found)
    assert first[0].declared == frozenset()
    assert first[-1].values == {"G": "1", "I": "2", "J": "1"}
    assert first[-1].declared == {"G", "H", "I", "J"}
    assert second[0].values == {"I": "2", "J": "1"}
    assert walk(found, {"H": "h", "G": "g"})[0][-1].values == {"G": "g", "H": "h", "I": "2", "J": "gh"}


def test_the_last_stage_of_a_name_counts() -> None:
    found = file("FROM a AS x\nENV A=1\nFROM b AS x\nENV A=2\nFROM x\nUSER $A\n")
    assert effective(found, found.stages[-1]).user == "2"
    assert [each.base for each in effective(found, found.stages[-1]).stages] == ["b", "x"]


def test_effective_configuration_follows_the_stages() -> None:
    found = file(
        "FROM python:3.12 AS base\nARG U=5\nUSER $U\nWORKDIR /a\nENV A=1 B=2\nENV A=3\nEXPOSE 80 81/udp\nCMD run\n"
        'LABEL x=y\nHEALTHCHECK CMD true\nSHELL ["bash", "-c"]\nFROM base\nWORKDIR b\nVOLUME /v\n'
        'VOLUME ["/w"]\nSTOPSIGNAL SIGINT\n'
    )
    got = effective(found, found.stages[-1])
    assert (got.base, got.user, got.workdir, dict(got.env)) == ("python:3.12", "5", "/a/b", {"A": "3", "B": "2"})
    assert (got.exposed, got.volumes, got.stopsignal) == (("80", "81/udp"), ("/v", "/w"), "SIGINT")
    assert (got.cmd, got.entrypoint, got.shell, dict(got.labels)) == ("run", (), ("bash", "-c"), {"x": "y"})
    assert got.healthcheck is not None


def test_an_entrypoint_takes_the_command_of_the_base_away() -> None:
    found = file('FROM a AS x\nCMD b\nFROM x\nENTRYPOINT ["c"]\nFROM x\nENTRYPOINT ["c"]\nCMD d\n')
    assert [effective(found, each).cmd for each in found.stages] == ["b", (), "d"]
    assert effective(found, found.stages[0]).shell == ("/bin/sh", "-c")


def test_stages_are_found_by_name_and_number() -> None:
    found = file("FROM a AS X\nFROM b\n")
    assert [found.stage(each) for each in ("x", "X", "1", "", "2")] == [
        *found.stages[:1] * 2,
        *found.stages[1:] * 2,
        None,
    ]


def test_pairs_in_all_forms() -> None:
    assert words.pairs(only("ENV A=b C='d e'")) == (("A", "b"), ("C", "'d e'"))
    assert words.pairs(only("ENV A b c")) == (("A", "b c"),)
    assert words.pairs(only("ARG A=1 B")) == (("A", "1"), ("B", None))
    assert words.words('a "b \\" c" \'d\\\' e\\ f') == ("a", '"b \\" c"', "'d\\'", "e\\ f")


def test_copied_paths() -> None:
    said = words.copied(only('COPY --from=x ["a b", "c", "/d"]'))
    assert (said.sources, said.destination, said.from_) == (("a b", "c"), "/d", "x")
    assert words.copied(only("COPY <<E a /d\nE\n")).sources == ("a",)


def test_mounts() -> None:
    said = only("RUN --mount=type=CACHE,dst=/a,id=b --mount=source=c,target=/d,from=e,ro x")
    assert words.mounts(said) == (
        words.BuildMount("cache", "/a", id="b"),
        words.BuildMount("bind", "/d", "c", "e"),
    )
    assert words.flag(said, "network") is None


def test_probes() -> None:
    assert words.probe(only("HEALTHCHECK none")) is None
    assert words.probe(only('HEALTHCHECK CMD ["a"]')) == ("a",)
    assert words.probe(only("HEALTHCHECK CMD a  b")) == "a  b"


@pytest.mark.parametrize(
    ("text", "length"), [("0", 0), ("1m30s", 90), ("+250ms", 0.25), (".5h", 1800), ("5", None), ("5s!", None)]
)
def test_durations(text: str, length: float | None) -> None:
    assert words.seconds(text) == length


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("python", ("python", "", "", "python")),
        ("docker.io/library/python:3@sha256:0", ("python", "3", "sha256:0", "python")),
        ("localhost:5000/a/b:c", ("localhost:5000/a/b", "c", "", "")),
    ],
)
def test_references(text: str, parts: tuple[str, ...]) -> None:
    said = base_images.reference(text)
    assert (said.name, said.tag, said.digest, said.official) == parts
    assert said.last == said.name.rsplit("/", 1)[-1]


@pytest.mark.parametrize(
    ("base", "has", "lacks"),
    [
        ("python:3.12", "curl", "nc"),
        ("python:3.12-slim", "python", "curl"),
        ("node:24-alpine3.20", "wget", "curl"),
        ("debian:12", "bash", "curl"),
        ("alpine", "nc", "bash"),
        ("scratch", "", "sh"),
        ("gcr.io/distroless/python3-debian12", "", "sh"),
    ],
)
def test_tools_of_known_bases(base: str, has: str, lacks: str) -> None:
    found = base_images.tools(base)
    assert found is not None
    assert lacks not in found
    assert not has or has in found
    assert base_images.small(base) == (not has)


@pytest.mark.parametrize(
    "base", ["mine", "python", "nginx:1.30", "python:3.12-windowsservercore", "gcr.io/distroless/cc:debug"]
)
def test_nothing_is_said_about_others(base: str) -> None:
    assert base_images.tools(base) is None
