"""A text is found wherever it hides, and nowhere else."""

import base64
import gzip
import html
import io
import json
import marshal
import zipfile
from urllib.parse import quote, quote_plus

import pytest

from stackproof.prove.searching import needles, occurs

WORD = "c0ffee0123456789abcdef01"
NEEDLES = needles(WORD)


def _zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("inner.py", f"x = '{WORD}0003'")
    return packed.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        f"A={WORD}0003".encode(),
        gzip.compress(f"A={WORD}0003".encode()),
        _zipped(),
        marshal.dumps(compile(f"x = '{WORD}0003'", "a.py", "exec")),
        f"A={WORD}0003".encode().hex().encode(),
        f"A={WORD}0003".encode().hex().upper().encode(),
        "".join(f"%{ord(letter):02x}" for letter in WORD).encode(),
        f'A = "{WORD[:9]}" \\\n    + "{WORD[9:]}0003"'.encode(),
        base64.encodebytes(b"x" * 70 + WORD.encode() + b"x" * 70),
        *[base64.b64encode(b"x" * before + f"{WORD}0003 and more".encode()) for before in range(6)],
    ],
)
def test_found(data: bytes) -> None:
    assert occurs(NEEDLES, b"before" + data if data.startswith(b"A=") else data)


@pytest.mark.parametrize("data", [b"", b"c0ffee", b"\x1f\x8bnot gzip", b"PK\x03\x04not zip", gzip.compress(b"x")[:-4]])
def test_not_found(data: bytes) -> None:
    assert occurs(NEEDLES, data) is None


def test_what_follows_the_text_is_kept() -> None:
    assert occurs(NEEDLES, f"A={WORD}0003 rest".encode()) == f"{WORD}0003rest".encode()


AWKWARD = "a$\"'\\#:@%/?&;!`*{}|<>^~ ,=+[]()z"


@pytest.mark.parametrize(
    "said",
    [
        AWKWARD,
        json.dumps({"a": AWKWARD}),
        repr(AWKWARD),
        html.escape(AWKWARD),
        quote(AWKWARD),
        quote(AWKWARD, safe=""),
        quote_plus(AWKWARD),
        quote(AWKWARD, safe="").lower(),
        base64.b64encode(AWKWARD.encode()).decode(),
        base64.b64encode(f"redis://:{quote(AWKWARD, safe='')}@redis".encode()).decode(),
        base64.urlsafe_b64encode(b"-" + AWKWARD.encode()).decode(),
        AWKWARD[:9] + "\r\n" + AWKWARD[9:],
    ],
)
def test_a_text_with_awkward_letters_is_found(said: str) -> None:
    assert occurs(needles(AWKWARD), f"before {said} after".encode())
