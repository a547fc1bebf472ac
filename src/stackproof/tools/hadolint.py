"""hadolint, where it is installed: what it says about Dockerfiles, as its own JSON."""

import shutil
from pathlib import Path

from stackproof.tools import command

_TIME = 60.0  # seconds for all files together
_FIX = "Run hadolint by hand to see why, or leave it out: stackproof check --no-hadolint"


def found(root: Path, paths: tuple[str, ...]) -> str | None:
    """None where it is not installed, or there is nothing to look at. Raises ToolFailed where it fails."""
    program = shutil.which("hadolint")
    if program is None or not paths:
        return None
    argv = (program, "--no-fail", "--format", "json", *(f"./{path}" for path in paths))
    return command.must(command.run(argv, timeout=_TIME, cwd=root), "Linting the Dockerfiles", _FIX).output
