"""What can go wrong, in words for the user, and the exit code that says whose move it is."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command."""

    OK = 0  # all holds
    REFUTED = 1  # a finding, or a refuted claim
    USER = 2  # the user must change something
    TOOL = 3  # a tool failed, or a required claim stayed unmeasured
    BUG = 70  # our bug (Python's own code for a traceback is 1, which would read as "refuted")
    INTERRUPTED = 130  # Ctrl-C


class UserError(Exception):
    """Something the user can change; says what happened and what to do next."""

    exit_code = Exit.USER

    def __init__(self, problem: str, *, fix: str) -> None:
        super().__init__(problem)
        self.fix = fix


class ChangedByHand(UserError):
    """Files are not as they were rendered; carries their paths."""

    def __init__(self, problem: str, *, fix: str, paths: tuple[str, ...]) -> None:
        super().__init__(problem, fix=fix)
        self.paths = paths


class Taken(UserError):
    """A port or a name of the machine that a stack wants is somebody else's."""


class ToolFailed(UserError):
    """A tool we drive was missing, too old, too slow, or answered with an error."""

    exit_code = Exit.TOOL


class Unmeasurable(ToolFailed):
    """This runtime has no way to measure a claim; the claim stays unmeasured with this reason."""


class NotHealthy(UserError):
    """The stack was started, and a service exited or never became healthy.

    `timed`: it did not exit; it was given up after the time that its health check allows.
    """

    exit_code = Exit.REFUTED

    def __init__(self, problem: str, *, fix: str, timed: bool = False) -> None:
        super().__init__(problem, fix=fix)
        self.timed = timed


class BuildFailed(UserError):
    """The user's image could not be built; carries the builder's last lines."""

    exit_code = Exit.REFUTED
