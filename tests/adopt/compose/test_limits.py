"""Input that is made to hurt: it is refused with a line, soon, and with little memory."""

import pytest

from tests.adopt.compose.loaded import loaded, refusal

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "values"),
        ("a: " + "[" * 5000, "nested"),
        ("a: " + "{a: " * 5000, "nested"),
        ("services: {a: {image: x, command: '" + "${A:-" * 200 + "}" * 200 + "'}}", "nested"),
        ("\0", "compose.yaml"),
        (b"\xff\xfe\x00", "compose.yaml"),
        (b"services: \xff", "compose.yaml"),
        ("", "no mapping"),
        ("&a", "no mapping"),
        ("a: b: c", "compose.yaml:1: is not YAML"),
        ("services: {a: &a [*a]}", "names no anchor"),
        ("services: {? [a] : b}", "a list or a mapping is not a name"),
        ("services: {~: {image: x}}", " is not a name"),
    ],
    ids=str,
)  # fmt: skip
def test_refused(text: str | bytes, words: str) -> None:
    assert words in refusal(text)


def test_too_large() -> None:
    assert "is larger than 4 MiB" in refusal(b"#" * (5 << 20))


def test_too_many_files() -> None:
    names = [f"f{number}" for number in range(205)]
    include = ", ".join(f"{name}.yaml" for name in names)
    files = {f"{name}_yaml": "services: {}" for name in names}
    assert "reads more than 200 files" in refusal(f"include: [{include}]\nservices: {{}}\n", **files)


def test_a_long_chain() -> None:
    services = ", ".join(f"s{number}: {{extends: s{number + 1}}}" for number in range(80))
    assert "in a circle" in refusal(f"services: {{{services}, s80: {{image: x}}}}\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_byte_order(encoding: str) -> None:
    assert loaded("services: {a: {image: é}}\n".encode(encoding)).services()["a"]["image"] == "é"
