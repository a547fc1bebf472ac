"""Work that takes a while: a step of it as the console tells it, a command as it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Progress:
    """A step of long work, for the console: what is being done to what, and whether it has ended."""

    stage: str  # "build", "up", "prove", ...
    about: str  # a service, an image, a claim
    text: str
    state: Literal["begun", "going", "done", "failed"] = "going"
    ahead: str = ""  # of the whole work: "3 of 44, then SP307, about 50 s left"


Note = Callable[[Progress], None]


@dataclass(frozen=True)
class Ran:
    """A finished command in short: the program and its subcommand. The other words may be anything, also secret."""

    command: str  # "docker compose"
    exit_code: int | None  # None: it was ended by our time limit
    seconds: float


@dataclass(frozen=True)
class Completed:
    """A finished command, recorded whole. `exit_code` None: it was ended by our time limit."""

    argv: tuple[str, ...]
    exit_code: int | None
    seconds: float
    output: str  # standard output
    errors: str = ""  # standard error
