"""The builder's cache as it was before: a cold build must not change what later builds take from it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from stackproof.tools import command
from stackproof.tools.docker.engine import Engine

_RECORD = re.compile(r"^([a-z0-9]{20,})\*?\s", re.MULTILINE)  # the first column of `docker buildx du`
_FIX = "See if `docker buildx du` and `docker buildx prune` work, then run the command again."


@contextmanager
def left_as_it_was(engine: Engine) -> Iterator[None]:
    """Remove the records that come meanwhile. The image keeps its layers.

    With two records for one step, BuildKit takes now this, now that one: layers of later builds would differ by chance.
    """
    before = _records(engine)
    try:
        yield
    finally:
        if new := _records(engine) - before:
            words = ("buildx", "prune", "--force", "--all", "--filter", f"id=({'|'.join(sorted(new))})")
            command.must(engine.command(*words, timeout=120), "Emptying the build cache again", _FIX)


def parsed(text: str) -> frozenset[str]:
    """Ids of the records that `docker buildx du` lists."""
    return frozenset(_RECORD.findall(text))


def _records(engine: Engine) -> frozenset[str]:
    done = engine.command("buildx", "du", timeout=120)
    return parsed(command.must(done, "Looking at the build cache", _FIX).output)
