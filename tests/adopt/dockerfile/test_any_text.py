"""Whatever the text: a Dockerfile or one sentence with its place, the same each time; and the rules look at it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from stackproof.adopt.dockerfile import load
from stackproof.check.rules.dockerfile import DOCKERFILE_RULES
from stackproof.errors import UserError
from stackproof.model.facts import Project
from stackproof.model.findings import Inspected
from stackproof.model.source import SourceTree
from tests.adopt.dockerfile.cases import ACCEPTED, REFUSED

_PIECES = st.sampled_from(
    (
        *("FROM ", "RUN ", "COPY ", "ADD ", "ENV ", "ARG ", "USER ", "HEALTHCHECK CMD ", "ONBUILD ", "CMD ", "EXPOSE "),
        *("AS b", "--from=", "--mount=type=", "--", "=", "<<EOF", "\nEOF\n", "\\\n", "`", "# escape=`\n", "\n", "\r\n"),
        *(
            "$A",
            "${A:-",
            "${A##",
            "${A/",
            "}",
            '"',
            "'",
            '["',
            '"]',
            "[",
            " ",
            "\t",
            "\0",
            "\ufeff",
            "é",
            "|",
            "&&",
            ";",
        ),
        *(
            "python:3.12-slim",
            "apt-get install ",
            "pip install ",
            "curl ",
            "chmod 777 ",
            "$(",
            "exit 0",
            "rm ",
            "0",
            ".",
        ),
    )
)
_TEXTS = st.one_of(
    st.lists(_PIECES, max_size=30).map(lambda pieces: "FROM a\n" + "".join(pieces)),
    st.lists(st.sampled_from(ACCEPTED + REFUSED), max_size=5).map("".join),
    st.text(max_size=200),
)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(_TEXTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    found = _outcome(text)
    assert found == _outcome(text)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    _outcome(b"FROM a\n" + content)


def _outcome(content: str | bytes) -> object:
    try:
        file = load(content, "Dockerfile")
    except UserError as refused:
        return _placed(str(refused)), refused.fix
    inspected = Inspected(SourceTree({}), Project("shop", ()), (file,))
    return file, [(rule.id, tuple(rule.check(inspected))) for rule in DOCKERFILE_RULES]


def _placed(words: str) -> str:
    assert words.startswith("Dockerfile")
    return words
