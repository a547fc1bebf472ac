"""The engine's own clock: on another machine it differs from ours, and events carry its time."""

from datetime import datetime

from stackproof.tools.docker.engine import Engine


def now(engine: Engine) -> int:
    """In nanoseconds since 1970."""
    info = engine.ask("Asking the Docker Engine for its clock", lambda api: api.info())
    return nanoseconds(str(info["SystemTime"]))


def nanoseconds(text: str) -> int:
    """Of a time as the engine writes it: 2026-11-22T08:11:55.123456789Z, with any number of decimals."""
    whole, dot, rest = text.replace("Z", "+00:00").partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    moment = datetime.fromisoformat(whole + rest[len(digits) :] if dot else whole)
    return int(moment.timestamp()) * 10**9 + int(digits.ljust(9, "0")[:9])
