"""Finds a text in bytes: as it is, in base64, and inside gzip and zip files."""

import base64
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"


def needles(text: str) -> tuple[bytes, ...]:
    """The text, and what base64 makes of it wherever it begins."""
    raw = text.encode()
    return (raw, *(_inner(raw, before) for before in range(3)))


def occurs(wanted: tuple[bytes, ...], data: bytes) -> bytes | None:
    """The text around the first place where one of them is, None where there is none."""
    for layer in _unpacked(data):
        for needle in wanted:
            if (at := layer.find(needle)) >= 0:
                return layer[at : at + len(needle) + 8]
    return None


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
