"""What the projects in compose_cases leave open: refusals in words, and corners of scalars, sizes, words and mounts."""

import pytest

from stackproof.adopt.compose import dotenv, scalars, units, words
from stackproof.errors import UserError
from tests.adopt.compose.loaded import loaded, refusal, service

SERVICE = "services: {a: {image: x, %s}}\n"


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ("ports: [true]", "services.a.ports.0 should be a port in quotes"),
        ("ports: ['80-']", "'80-' is no port"),
        ("ports: ['90-80']", "the lower one first"),
        ("ports: ['1-2:1-3']", "publishes 3 ports as 2"),
        ("ports: [{published: 80}]", "services.a.ports.0 has no target"),
        ("volumes: ['']", "'' is no volume"),
        ("volumes: ['a:']", "is no volume"),
        ("extends: {file: x.yaml}", "names no service"),
        ("expose: [true]", "services.a.expose.0 should be text or a number"),
        ("cpus: much", "services.a.cpus should be a number"),
        ("cpus: true", "should be a number"),
        ("scale: []", "should be a whole number"),
        ("mem_limit: true", "should be a size"),
        ("user: 0", "services.a.user should be text (put numbers"),
        ("environment: [1]", "services.a.environment should be text"),
        ('command: "\'a"', "quote that nothing closes"),
        ("deploy: {x: 1}", "services.a.deploy.x is no key of a Compose file"),
        ("group_add: [b, b]", "says b twice"),
    ],
)
def test_refusals_name_the_line_and_the_key(keys: str, problem: str) -> None:
    said = refusal(SERVICE % keys)
    assert said.startswith("compose.yaml:1: ")
    assert problem in said


def test_more_refusals() -> None:
    assert "is no key of a Compose file" in refusal("nonsense: 1\n")
    assert "include names no file" in refusal("include: [{env_file: x}]\n")
    assert "holds no mapping" in refusal("# nothing\n")


def test_resets_without_a_file_below() -> None:
    found = service(
        "user: !reset null, cap_add: [!reset x, B], ports: [!reset '80', 81], x-a: [!reset 1, {b: !reset 2}]"
    )
    assert "user" not in found
    assert (found["cap_add"], found["x-a"]) == (["B"], [{}])
    assert isinstance(found["ports"], list)
    assert len(found["ports"]) == 1


def test_forms_without_a_case() -> None:
    found = service("gpus: all, label_file: x/labels, volumes: ['data:/d:nocopy'], memswap_limit: -1")
    assert (found["gpus"], found["label_file"], found["memswap_limit"]) == ("all", ["x/labels"], "-1")
    assert found["volumes"] == [{"type": "volume", "source": "data", "target": "/d", "volume": {"nocopy": True}}]


def test_builds() -> None:
    contexts = loaded("services: {a: {build: {target: t, additional_contexts: {b: 'service:c', d: ./e}}}}\n")
    build = contexts.services()["a"]["build"]
    assert build == {
        "target": "t", "additional_contexts": {"b": "service:c", "d": "e"}, "context": ".", "dockerfile": "Dockerfile",
    }  # fmt: skip


def test_two_services_extend_one_file() -> None:
    text = "services: {a: {extends: {file: b.yaml, service: b}}, c: {extends: {file: b.yaml, service: b}, user: '1'}}\n"
    found = loaded(text, b_yaml="services: {b: {image: x}}\n")
    assert [dict(each).get("user") for each in found.services().values()] == [None, "1"]
    assert found.read == ("compose.yaml", "b.yaml")


@pytest.mark.parametrize(
    ("value", "text"),
    [(float("nan"), "NaN"), (float("inf"), "+Inf"), (float("-inf"), "-Inf"), (1e-7, "1e-07"), (0.0, "0"), (2.5, "2.5")],
)
def test_numbers_as_text(value: float, text: str) -> None:
    assert scalars.text(value) == text


@pytest.mark.parametrize(
    ("word", "value"),
    [("9" * 400, "9" * 400), ("-0x10", -16), (".inf", float("inf")), ("99999999999999999999", 1e20), ("+", "+")],
)
def test_words_of_yaml(word: str, value: object) -> None:
    assert scalars.resolved(word) == value


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("5us", "5µs"),
        ("1.5ms", "1.5ms"),
        ("7ns", "7ns"),
        ("0", "0s"),
        ("-90s", "-1m30s"),
        ("1h", "1h0m0s"),
        ("61m", "1h1m0s"),
    ],
)
def test_durations(word: str, text: str) -> None:
    assert units.duration(word) == text


def test_truth() -> None:
    assert [units.truth(each) for each in (True, "on", "N")] == [True, True, False]
    with pytest.raises(ValueError, match=r"^$"):
        units.truth(1)


def test_whole_numbers() -> None:
    assert units.whole("0440") == 440
    for wrong in (True, "x", 1.5, "9" * 50):
        with pytest.raises(ValueError, match=r"^$|invalid literal"):
            units.whole(wrong)


def test_numbers() -> None:
    assert [units.number(each) for each in (1, 1.5, "2", "1e3")] == [1, 1.5, 2, 1000]
    with pytest.raises(ValueError, match=r"^$"):
        units.number([])


@pytest.mark.parametrize(
    ("command", "left", "lost"),
    [
        ("a && b", ["a"], "&& b"),
        ("a 2>x", ["a"], ">x"),
        ("a b>x", ["a", "b"], ">x"),
        ("a '&' \"|\" \\;", ["a", "&", "|", ";"], ""),
        ("a `b", ["a", "`b"], ""),
        ("a ''", ["a", ""], ""),
    ],
)
def test_words_of_a_command(command: str, left: list[str], lost: str) -> None:
    assert (words.split(command), words.lost(command)) == (left, lost)


def test_env_files() -> None:
    assert dotenv.parsed("x.env", b"HOME\nNOT_SET\nA=1 #c\n", {"HOME": "/h"}) == {"HOME": "/h", "A": "1"}
    assert dotenv.parsed("x.env", b"A=", {}) == {"A": ""}
    with pytest.raises(UserError, match=r"x.env: is not UTF-8"):
        dotenv.parsed("x.env", b"A=\xff", {})
    with pytest.raises(UserError, match=r"x.env:2: has a quote"):
        dotenv.parsed("x.env", b"A=1\nB='it", {})
    with pytest.raises(UserError, match=r"x.env:2: .* is no NAME=value"):
        dotenv.parsed("x.env", b"A=1\n$=x\n", {})
