"""In dev a command starts again when a source file changes."""

from pathlib import PurePosixPath

from stackproof.plan.build import import_roots
from stackproof.plan.given import APP, Given


def sources(given: Given) -> tuple[str, ...]:
    """The import roots as folders; the project itself where modules lie at its top."""
    return tuple(str(PurePosixPath(APP, root)) for root in import_roots(given))


def reloading(given: Given, command: tuple[str, ...]) -> tuple[str, ...]:
    """For one that does not reload by itself."""
    if not given.dev:
        return command
    options = ("--filter", "python", "--target-type", "command", "--sigint-timeout", "10")
    return ("watchfiles", *options, " ".join(command), *sources(given))
