import io
import json
import tarfile
from collections.abc import Mapping

import pytest

from stackproof.errors import ToolFailed
from stackproof.tools.docker import archive


def tar(files: Mapping[str, bytes], *, gzip: bool = False) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz" if gzip else "w") as packed:
        for name, contents in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(contents)
            packed.addfile(entry, io.BytesIO(contents))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "app"
        packed.addfile(link)
    return data.getvalue()


def image(first: str, second: str, config: str) -> bytes:
    lower, upper = tar({"./app/secret": b"s3cret"}), tar({"app/.wh.secret": b"", "app/x": b"1"}, gzip=True)
    manifest = json.dumps([{"Config": config, "Layers": [first, second]}]).encode()
    configuration = json.dumps({"rootfs": {"diff_ids": ["sha256:a", "sha256:b"]}, "history": []}).encode()
    return tar({first: lower, second: upper, config: configuration, "manifest.json": manifest})


@pytest.mark.parametrize(
    ("first", "second", "config"),
    [("1/layer.tar", "2/layer.tar", "c.json"), ("blobs/sha256/1", "blobs/sha256/2", "blobs/sha256/c")],
)
def test_both_forms_give_every_file_even_deleted_ones(first: str, second: str, config: str) -> None:
    data = image(first, second, config)
    with archive.opened([data[:1000], data[1000:]]) as saved:
        assert list(archive.files(saved)) == [("sha256:a", "app/secret", b"s3cret"), ("sha256:b", "app/x", b"1")]


def test_what_is_no_archive_is_said() -> None:
    with pytest.raises(ToolFailed, match="cannot be read"), archive.opened([b"x" * 2000]):
        pass


def test_an_archive_without_its_index_is_said() -> None:
    with archive.opened([tar({"x": b""})]) as saved, pytest.raises(ToolFailed, match="no manifest"):
        list(archive.files(saved))
