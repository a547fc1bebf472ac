"""stackproof.lock names the versions and every file."""

import json

from stackproof import __version__
from tests.render.golden import rendered


def test_the_lock_names_versions_and_files() -> None:
    *files, lock = rendered("tubeatlas")
    document = json.loads(lock.text)
    assert lock.path == "stackproof.lock"
    assert (document["schema"], document["stackproof"], document["python"]) == (1, __version__, "3.11")
    assert document["images"] == [
        "ghcr.io/astral-sh/uv:0.13.9", "nginx:1.30-alpine-slim", "python:3.11-slim-bookworm", "redis:7-alpine",
    ]  # fmt: skip
    assert document["files"] == {file.path: file.sha256 for file in files}
