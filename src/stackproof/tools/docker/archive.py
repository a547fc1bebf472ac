"""A saved image (`docker save`) read layer by layer: the old docker-archive form and the OCI layout alike."""

import json
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from stackproof.errors import ToolFailed

LARGEST = 8 << 20  # bytes of one file that are read; a secret is in the first of them, a model's weights are not


@contextmanager
def opened(chunks: Iterable[bytes]) -> Iterator[tarfile.TarFile]:
    """The archive on disk while it is read: where its index lies in the stream is not certain."""
    with tempfile.TemporaryFile() as spooled:
        for chunk in chunks:
            spooled.write(chunk)
        spooled.seek(0)
        try:
            with tarfile.open(fileobj=spooled, mode="r:") as archive:
                yield archive
        except tarfile.TarError as problem:
            raise ToolFailed(
                f"the engine's archive of the image cannot be read: {problem}", fix="Run the command again."
            ) from problem


def configuration(archive: tarfile.TarFile) -> dict[str, Any]:
    """The image's own configuration, with its complete history."""
    loaded: dict[str, Any] = json.loads(_member(archive, _manifest(archive)["Config"]).read())
    return loaded


def files(archive: tarfile.TarFile) -> Iterator[tuple[str, str, bytes]]:
    """Every regular file of every layer, base first, also one that a later layer deletes or replaces.

    Layer as the digest of its unpacked form, path without a leading slash, contents up to LARGEST bytes.
    """
    digests = configuration(archive)["rootfs"]["diff_ids"]
    for digest, name in zip(digests, _manifest(archive)["Layers"], strict=True):
        with tarfile.open(fileobj=_member(archive, name), mode="r|*") as layer:
            for path, contents in _regular(layer):
                yield digest, path, contents


def _regular(layer: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    for member in layer:
        path = member.name.removeprefix("./").lstrip("/")
        deletes = path.rsplit("/", 1)[-1].startswith(".wh.")  # a mark of overlay file systems, not a file
        if member.isreg() and not deletes and (contents := layer.extractfile(member)):
            yield path, contents.read(LARGEST)


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    """Docker's own index; it is in both forms."""
    found: dict[str, Any] = json.loads(_member(archive, "manifest.json").read())[0]
    return found


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        found = archive.extractfile(name)
    except KeyError:
        found = None
    if found is None:
        raise ToolFailed(f"the engine's archive of the image has no {name}", fix="Run the command again.")
    return found
