"""Finds a text in bytes, whatever was done to it: encoded, escaped, split over lines, packed."""

import base64
import gzip
import html
import io
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
# What stands between the parts of a text that was split over lines, quoted or escaped: all of it is looked past.
_BETWEEN = b" \t\r\n\"'\\+"


def needles(text: str) -> tuple[bytes, ...]:
    """The text as it is, in base64 wherever it begins there, in hexadecimal, and escaped for a URL or a page."""
    found = (each.translate(None, _BETWEEN) for each in _forms(text))
    return tuple(dict.fromkeys(found))


def occurs(wanted: tuple[bytes, ...], data: bytes) -> bytes | None:
    """The text around the first place where one of them is, None where there is none."""
    for layer in _unpacked(data):
        joined = layer.translate(None, _BETWEEN)
        for needle in wanted:
            if (at := joined.find(needle)) >= 0:
                return joined[at : at + len(needle) + 8]
    return None


def _forms(text: str) -> Iterator[bytes]:
    raw = text.encode()
    yield raw
    for spelled in (raw, quote(text, safe="").encode()):  # the second: of a whole URL
        for encoded in (_inner(spelled, before) for before in range(3)):
            yield encoded
            yield encoded.translate(_URL_SAFE)
    yield from (raw.hex().encode(), raw.hex().upper().encode())
    for escaped in (quote(text, safe=""), quote(text), quote_plus(text), "".join(f"%{byte:02X}" for byte in raw)):
        yield escaped.encode()
        yield _lower(escaped).encode()
    yield html.escape(text).encode()


def _lower(escaped: str) -> str:
    """The same with small letters in its escapes alone."""
    first, *others = escaped.split("%")
    return "%".join([first, *(each[:2].lower() + each[2:] for each in others)])


def _inner(raw: bytes, before: int) -> bytes:
    """Base64 of the text with `before` unknown bytes in front: only the characters that do not depend on these."""
    encoded = base64.b64encode(b"\0" * before + raw)
    whole = len(raw) + before - (len(raw) + before) % 3
    return encoded[(0, 2, 3)[before] : whole // 3 * 4]


def _unpacked(data: bytes) -> Iterator[bytes]:
    """A file that only looks packed has nothing but its own bytes to be searched."""
    yield data
    try:
        if data.startswith(_GZIP):
            yield gzip.decompress(data)
        if data.startswith(_ZIP):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                yield from (packed.read(name) for name in packed.namelist())
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return
