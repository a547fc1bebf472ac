"""In dev a command starts again when a source file changes."""

import shlex
from pathlib import PurePosixPath

from stackproof.plan.build import import_roots
from stackproof.plan.given import APP, Given

_PARTING = frozenset(" \t\n'\"\\")


def sources(given: Given) -> tuple[str, ...]:
    """The import roots as folders; the project itself where modules lie at its top."""
    return tuple(str(PurePosixPath(APP, root)) for root in import_roots(given))


def reloading(given: Given, command: tuple[str, ...]) -> tuple[str, ...]:
    """For one that does not reload by itself."""
    if not given.dev:
        return command
    options = ("--filter", "python", "--target-type", "command", "--sigint-timeout", "10")
    return ("watchfiles", *options, " ".join(_word(word) for word in command), *sources(given))


def _word(word: str) -> str:
    """watchfiles takes the command as one text and splits it as a shell would; references are filled in before."""
    return shlex.quote(word) if set(word) & _PARTING else word
