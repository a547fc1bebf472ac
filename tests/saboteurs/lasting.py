"""What breaks the promises about what must last: queued tasks, memory, volumes, variables."""

from collections.abc import Callable
from dataclasses import replace

from stackproof.model.artifacts import Artifact
from stackproof.model.stack import Service
from tests.saboteurs import Saboteur
from tests.saboteurs.edits import DOCKER, appended, assigned, compose, service

_MAIN = "src/tubeatlas/main.py"
_LEAK = """

_KEPT: list[bytearray] = []


@app.middleware("http")
async def kept(request, call_next):  # type: ignore[no-untyped-def]
    _KEPT.append(bytearray(b"x" * 80_000))
    return await call_next(request)
"""


def _with(option: str, value: str) -> Callable[[Service], Service]:
    """The word after that option is another one."""

    def changed(one: Service) -> Service:
        at = one.command.index(option) + 1
        return replace(one, command=(*one.command[:at], value, *one.command[at + 1 :]))

    return changed


def _dollar(one: Service) -> Service:
    return assigned(one, "FORMER_PASSWORD", "pa$word")


def _swallowed(artifacts: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    """As somebody writes it who does not know that Compose fills in variables."""
    found = [each for each in artifacts if "pa$$word" in each.text]
    assert found
    return tuple(
        replace(each, text=each.text.replace("pa$$word", "pa$word")) if each in found else each for each in artifacts
    )


def _unset(one: Service) -> Service:
    return replace(one, command=("env", "-u", "PYTHONUNBUFFERED", *one.command))


def _of_root(said: dict[str, object]) -> dict[str, object]:
    """A folder of the host's root, at the place of the volume; the worker starts without it."""
    return {**said, "volumes": [{"type": "bind", "source": "../deploy/health", "target": "/app/data"}]}


LASTING: tuple[Saboteur, ...] = (
    Saboteur(
        "SP326-broker-keeps",
        "the broker throws away what was used longest ago when its memory is full",
        "its maxmemory-policy is allkeys-lru",
        stack=service("redis", _with("--maxmemory-policy", "allkeys-lru")),
    ),
    Saboteur(
        "SP326-broker-keeps",
        "the broker writes no log",
        "what was queued in redis is gone after SIGKILL",
        stack=service("redis", _with("--appendonly", "no")),
    ),
    Saboteur(
        "SP328-memory-steady",
        "each request leaves 80 kB behind",
        "api keeps",
        tree=appended(_MAIN, _LEAK),
    ),
    Saboteur(
        "SP329-volumes-hold",
        "Redis writes beside its volume",
        "redis: its data (/tmp) is on no volume",
        stack=service("redis", _with("--dir", "@{tmp}")),
        on=DOCKER,
    ),
    Saboteur(
        "SP329-volumes-hold",
        "a folder of root is mounted where a service without rights writes",
        "worker: a volume (/app/data) cannot be written by its own user",
        artifacts=compose("worker", _of_root),
        on=DOCKER,
    ),
    Saboteur(
        "SP330-variables-arrive",
        "the dollar of a password is not doubled in the rendered file",
        "api: FORMER_PASSWORD is 'pa' in its process, and not 'pa$word'",
        stack=service("api", _dollar),
        artifacts=_swallowed,
        on=DOCKER,
    ),
    Saboteur(
        "SP330-variables-arrive",
        "the command takes a variable away before it starts the server",
        "api: PYTHONUNBUFFERED is not set in its process",
        stack=service("api", _unset),
    ),
)
