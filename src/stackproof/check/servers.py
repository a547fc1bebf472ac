"""The words of a command -> the server that they start: what it serves, where it listens, how long it takes to end."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

_SHELLS = frozenset({"sh", "bash", "ash", "dash"})
_SERVERS = frozenset(
    {
        "uvicorn",
        "gunicorn",
        "hypercorn",
        "daphne",
        "flask",
        "fastapi",
        "granian",
        "waitress-serve",
        "runserver",
        "celery",
    }
)
_LOOPBACK = re.compile(r"(?:127\.\d+\.\d+\.\d+|localhost|\[?::1\]?)")
_FLAG = re.compile(r"-{1,2}[A-Za-z]")
# Option names by what they say; the value stands behind `=` or in the next word.
_HOST = {"uvicorn": ("--host",), "fastapi": ("--host",), "flask": ("--host", "-h"), "granian": ("--host",),
         "daphne": ("-b", "--bind"), "waitress-serve": ("--host",)}  # fmt: skip
_PORT = {"uvicorn": ("--port",), "fastapi": ("--port",), "flask": ("--port", "-p"), "granian": ("--port",),
         "daphne": ("-p", "--port"), "waitress-serve": ("--port",)}  # fmt: skip
_BIND = {"gunicorn": ("-b", "--bind"), "hypercorn": ("-b", "--bind"), "waitress-serve": ("--listen",)}
_GRACE = {"uvicorn": "--timeout-graceful-shutdown", "gunicorn": "--graceful-timeout", "hypercorn": "--graceful-timeout"}
_WORKERS = ("--workers", "-w")
# Where a server listens that is told nothing. Source: each one's own documentation of its options.
_DEFAULTS = {
    "uvicorn": ("127.0.0.1", 8000), "gunicorn": ("127.0.0.1", 8000), "hypercorn": ("127.0.0.1", 8000),
    "daphne": ("127.0.0.1", 8000), "flask": ("127.0.0.1", 5000), "runserver": ("127.0.0.1", 8000),
    "granian": ("127.0.0.1", 8000), "fastapi": ("0.0.0.0", 8000), "waitress-serve": ("0.0.0.0", 8080),  # noqa: S104  what they do
}  # fmt: skip
_BY_ENVIRONMENT = {
    "uvicorn": ("UVICORN_HOST", "UVICORN_PORT"), "flask": ("FLASK_RUN_HOST", "FLASK_RUN_PORT"),
    "granian": ("GRANIAN_HOST", "GRANIAN_PORT"),
}  # fmt: skip
_OPAQUE = {"gunicorn": ("-c", "--config", "--paste"), "hypercorn": ("-c", "--config"), "uvicorn": ("--uds", "--fd"),
           "daphne": ("-u", "-e", "--fd"), "waitress-serve": ("--unix-socket",)}  # fmt: skip
_TARGET = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*(?:\(.*\))?")


@dataclass(frozen=True)
class Server:
    """None where it cannot be said: it comes from a file, or from a variable that is set elsewhere."""

    program: str
    options: tuple[str, ...]  # the words behind the program
    target: str | None  # "shop.main:app"
    host: str | None
    port: int | None
    grace: float | None  # seconds that it gives to requests which still run
    workers: int | None

    @property
    def is_loopback(self) -> bool:
        return bool(self.host and _LOOPBACK.fullmatch(self.host))


def server(words: tuple[str, ...], environment: Mapping[str, str]) -> Server | None:
    """The server that a command starts, whatever wraps it (`sh -c`, `exec`, `tini --`, `poetry run`, `python -m`)."""
    plain = flat(words)
    at = next((index for index, word in enumerate(plain) if word.rpartition("/")[2] in _SERVERS), None)
    if at is None:
        return None
    program, options = plain[at].rpartition("/")[2], plain[at + 1 :]
    host, port = _address(program, options, environment)
    target = next((word for word in options if _TARGET.fullmatch(word)), None)
    grace = option(options, (_GRACE.get(program, ""),))
    workers = option(options, _WORKERS) or environment.get("WEB_CONCURRENCY")
    return Server(program, options, target, host, port, _number(grace), _whole(workers or "1"))


def flat(words: tuple[str, ...]) -> tuple[str, ...]:
    """A command as single words: the script of `sh -c` is taken apart, its last command counts."""
    for index, word in enumerate(words[:-1]):
        if word.rpartition("/")[2] in _SHELLS and words[index + 1] in ("-c", "-ec", "-lc", "-euc"):
            return _last_command(words[index + 2] if index + 2 < len(words) else "")
    return words


def option(words: tuple[str, ...], names: tuple[str, ...]) -> str | None:
    """The value of an option; the last one counts."""
    found = None
    for index, word in enumerate(words):
        name, mark, value = word.partition("=")
        if mark and name in names:
            found = value
        elif word in names and index + 1 < len(words):
            found = words[index + 1]
        elif len(word) > 2 and word[:2] in names and not word.startswith("--"):
            found = word[2:]
    return found


def _address(program: str, options: tuple[str, ...], environment: Mapping[str, str]) -> tuple[str | None, int | None]:
    opaque = _OPAQUE.get(program, ())
    if program not in _DEFAULTS or any(word.partition("=")[0] in opaque for word in options):
        return None, None
    if program == "runserver":
        return _split(next((word for word in options if not _FLAG.match(word)), ""), _DEFAULTS[program])
    if bind := option(options, _BIND.get(program, ())):
        return _split(bind, _DEFAULTS[program])
    if program == "gunicorn" and ("PORT" in environment or "GUNICORN_CMD_ARGS" in environment):
        return None, None
    return _said(program, options, environment)


def _said(program: str, options: tuple[str, ...], environment: Mapping[str, str]) -> tuple[str | None, int | None]:
    named = _BY_ENVIRONMENT.get(program, ("", ""))
    usual = ("127.0.0.1", 8000) if program == "fastapi" and "dev" in options[:1] else _DEFAULTS[program]
    host = option(options, _HOST.get(program, ())) or environment.get(named[0]) or usual[0]
    port = option(options, _PORT.get(program, ())) or environment.get(named[1]) or str(usual[1])
    return (None if "$" in host else host), _whole(port)


def _split(address: str, usual: tuple[str, int]) -> tuple[str | None, int | None]:
    """ "0.0.0.0:8000", ":8000", "8000"; a socket of the file system has neither host nor port."""
    if address.startswith(("unix:", "fd://", "/")):
        return None, None
    if not address or address.isdecimal():
        return usual[0], int(address or usual[1])
    host, _, port = address.rpartition(":")
    if not host and not address.startswith(":"):
        return (None if "$" in address else address), usual[1]
    return (None if "$" in host else host or "0.0.0.0"), _whole(port)  # noqa: S104  what it means


def _last_command(script: str) -> tuple[str, ...]:
    try:
        words = shlex.split(script.replace("\n", " ; "), comments=True)
    except ValueError:
        return ()
    ends = [index for index, word in enumerate(words) if word in ("&&", "||", ";", "|") or word.endswith(";")]
    return tuple(words[ends[-1] + 1 :] if ends and ends[-1] + 1 < len(words) else words)


def _number(written: str | None) -> float | None:
    return float(written) if written and re.fullmatch(r"\d+(?:\.\d+)?", written) else None


def _whole(written: str) -> int | None:
    return int(written) if written.isdecimal() else None
