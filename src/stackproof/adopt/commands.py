"""What a service does, read from the command that starts it: which server or worker, which port, which queues."""

import re
import shlex
from itertools import pairwise

from stackproof.model.stack import Role

_SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve", "uwsgi", "fastapi"})
_SERVERS_BY_WORD = {"flask": "run", "manage.py": "runserver", "streamlit": "run", "litestar": "run", "quart": "run"}
_PORTS = ("--port", "-p", "--bind", "-b", "--server.port", "--http")
_SHELL = frozenset({"sh", "bash", "ash", "dash"})
_STAND_BEFORE = frozenset({
    "python", "python3", "-m", "exec", "uv", "run", "poetry", "pipenv", "pdm", "tini", "--", "dumb-init", "env",
    "newrelic-admin", "run-program", "opentelemetry-instrument",
})  # fmt: skip
_MIGRATIONS = re.compile(r"\balembic\b.*\bupgrade\b|\bmanage\.py\s+(migrate|collectstatic)|\bflask\s+db\s+upgrade")


def plain(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of the program itself: what a shell would start last, without what only stands in front of it."""
    if words and words[0].rpartition("/")[2] in _SHELL and "-c" in words[:-1]:
        return plain(_last_command(words[words.index("-c") + 1]))
    return words


def role(words: tuple[str, ...]) -> Role | None:
    """None where the command says nothing that is known here."""
    said = _program(words)
    if not said:
        return None
    program, rest = said[0].rpartition("/")[2], said[1:]
    if program == "celery":
        return _of_celery(rest)
    if program == "manage.py" and rest[:1] == ("celery",):
        return _of_celery(rest[1:])
    if program in _SERVERS or (program in _SERVERS_BY_WORD and _SERVERS_BY_WORD[program] in rest):
        return "web"
    if program in ("flower",):
        return "monitor"
    return "worker" if program in ("rq", "dramatiq", "arq", "huey_consumer", "taskiq") else None


def runs_once(words: tuple[str, ...]) -> bool:
    """A step of a start, which ends by itself."""
    return bool(_MIGRATIONS.search(" ".join(plain(words)))) and role(words) is None


def port(words: tuple[str, ...]) -> int | None:
    """The port that the command line names."""
    said = plain(words)
    for option, value in (*pairwise(said), *(_halves(word) for word in said)):
        if option in _PORTS and (found := re.search(r"(?:^|:)(\d{2,5})$", value)):
            return int(found[1])
    if "runserver" in said:
        last = re.search(r"(?:^|:)(\d{2,5})$", said[-1])
        return int(last[1]) if last else 8000
    return None


def queues(words: tuple[str, ...]) -> tuple[str, ...]:
    """Of `celery worker -Q a,b`; without the option Celery's own default."""
    said = plain(words)
    for option, value in (*pairwise(said), *(_halves(word) for word in said)):
        if option in ("-Q", "--queues"):
            return tuple(each for each in value.split(",") if each)
    return ("celery",)


def of_python(words: tuple[str, ...]) -> bool:
    program = plain(words)[:1]
    return role(words) is not None or bool(program and re.match(r"(.*/)?(python[\d.]*|uv|poetry)$", program[0]))


def _of_celery(rest: tuple[str, ...]) -> Role | None:
    for word in rest:
        if word in ("worker", "beat"):
            return "worker" if word == "worker" else "beat"
        if word == "flower":
            return "monitor"
    return None


def _program(words: tuple[str, ...]) -> tuple[str, ...]:
    said = plain(words)
    while said and (said[0].rpartition("/")[2] in _STAND_BEFORE or re.fullmatch(r"[A-Z_][A-Z0-9_]*=.*", said[0])):
        said = said[1:]
    return said


def _last_command(script: str) -> tuple[str, ...]:
    """Of `a && exec b`: b. A script that is no sequence of plain words is taken as one word."""
    last = re.split(r"&&|\|\||;|\n", script.strip().rstrip(";"))[-1]
    try:
        return tuple(shlex.split(last))
    except ValueError:
        return (script,)


def _halves(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value
