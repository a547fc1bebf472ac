"""What our loader accepts the engine's own frontend accepts, and what it refuses is refused there.

`UNTRIED` is not tried.
"""

import re
from pathlib import Path

import pytest

from stackproof.tools import command
from tests.adopt.dockerfile.cases import ACCEPTED, REFUSED

pytestmark = pytest.mark.engine
# What goes wrong only after the file was read: nothing can run in `scratch`, and there is nothing to copy.
_LATER = re.compile(
    r"did not complete successfully|not found|executable file|cache key|failed to resolve source|does not exist"
    r"|pull access denied|no such host|failed to do request"
)


@pytest.mark.parametrize("text", ACCEPTED)
def test_the_frontend_takes_what_we_take(text: str, tmp_path: Path) -> None:
    code, errors = _built(text, tmp_path)
    assert code == 0 or _LATER.search(errors), errors


@pytest.mark.parametrize("text", REFUSED)
def test_the_frontend_refuses_what_we_refuse(text: str, tmp_path: Path) -> None:
    code, errors = _built(text, tmp_path)
    assert code != 0
    assert not _LATER.search(errors), errors


def _built(text: str, folder: Path) -> tuple[int | None, str]:
    argv = ("docker", "buildx", "build", "--quiet", "--file", "-", str(folder))
    done = command.run(argv, timeout=60, stdin=text.encode())
    return done.exit_code, done.errors
