"""Talking to the supervisor: start it, ask it, listen to it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import msgspec

import stackproof
from stackproof.errors import ToolFailed
from stackproof.run.process import proc
from stackproof.run.process.folder import Folder
from stackproof.run.process.launch import Ask, Told
from stackproof.run.process.proc import Identity

_MODULE = "stackproof.run.process.supervisor"


class Gone(ToolFailed):
    """The supervisor ended while we spoke with it, or was not there."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the process that owns the services is gone: {why}", fix="Bring the stack up again.")


def spawn(folder: Folder, stack: str, id: str, begun: float) -> Identity:  # noqa: A002
    """Start a supervisor that outlives us. Its socket exists before it does, so that nobody has to wait for it."""
    with socket.socket(socket.AF_UNIX) as listening, (folder.path / "supervisor.log").open("wb") as log:
        listening.bind(_address(id))
        listening.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", _MODULE, str(folder.path), stack, id, str(begun), str(listening.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder.path,
            start_new_session=True,
            pass_fds=(listening.fileno(),),
            env={**os.environ, "PYTHONPATH": str(Path(stackproof.__file__).parents[1])},
        )
    process.returncode = 0  # it is left to itself; `proc.ended` collects it where it is still ours
    return proc.identity(process.pid) or Identity(process.pid, 0)


def ask(id: str, request: Ask, within: float | None = None) -> Told:  # noqa: A002
    """One answer. Raises Gone, or ToolFailed where the supervisor could not do it."""
    for told in stream(id, request, within):
        if told.failed:
            raise ToolFailed(told.failed, fix="Look at `stackproof status`.")
        if told.done:
            return told
    raise Gone("it hung up")


def stream(id: str, request: Ask, within: float | None = None) -> Generator[Told, None, None]:  # noqa: A002
    """Everything it tells, as it happens, to the end or for `within` seconds. Closing the iterator hangs up."""
    deadline = None if within is None else time.monotonic() + within
    with _connected(id) as line:
        with suppress(BrokenPipeError):
            line.sendall(msgspec.json.encode(request) + b"\n")
        rest = b""
        while True:
            line.settimeout(None if deadline is None else max(deadline - time.monotonic(), 0.001))
            try:
                data = line.recv(1 << 16)
            except TimeoutError:
                return
            except ConnectionResetError as problem:
                raise Gone("it hung up") from problem
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            for text in lines:
                yield msgspec.json.decode(text, type=Told)


def _address(id: str) -> str:  # noqa: A002
    return f"\0stackproof-{id}"


def _connected(id: str) -> socket.socket:  # noqa: A002
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(_address(id))
    except OSError as problem:
        line.close()
        raise Gone(problem.strerror or str(problem)) from problem
    return line
