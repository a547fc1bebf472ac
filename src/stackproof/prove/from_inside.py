"""Scripts of `inside` run in or beside a service of a running stack: their answers as data."""

import json
from collections.abc import Callable
from typing import cast

from stackproof.errors import ToolFailed
from stackproof.model.proof import Json
from stackproof.model.running import Completed, Running
from stackproof.prove import inside
from stackproof.prove.verdicts import Row, rows_in

_PATIENCE = 60.0  # seconds
_FIX = "Look at the service's log with `stackproof logs`; the script needs nothing but the project's own Python."


def look(
    running: Running, service: str, module: str, *arguments: Json, timeout: float = 20.0, replica: int = 1
) -> tuple[dict[str, Json], Completed]:
    """What the script's `look` gave back, and the command. Raises ToolFailed where it did not run to its end."""
    done = running.run(service, ("python", "-c", inside.script(module, *arguments)), timeout, replica)
    return _answer(done, service, module)


def beside(
    running: Running,
    service: str,
    port: int,
    module: str,
    *arguments: Json,
    timeout: float = 20.0,
    replica: int = 1,
    line: Callable[[str], None] | None = None,
) -> tuple[dict[str, Json], Completed]:
    """The same, where the port of the service is one of 127.0.0.1: the service needs no Python."""
    done = running.beside(service, port, inside.script(module, *arguments), timeout, replica, line)
    return _answer(done, service, module)


def ask(
    running: Running, service: str, port: int, paths: tuple[str, ...], mark: str = "", replica: int = 1
) -> tuple[Row, ...]:
    """What the service itself answers to GET of these paths, whoever stands in front of it."""
    found, _ = beside(running, service, port, "http_answer", list(paths), mark, timeout=_PATIENCE, replica=replica)
    return rows_in(found, "answers")


def _answer(done: Completed, service: str, module: str) -> tuple[dict[str, Json], Completed]:
    lines = done.output.strip().splitlines()
    if done.exit_code != 0 or not lines:
        ended = "did not end in time" if done.exit_code is None else f"ended with code {done.exit_code}"
        said = "\n".join((done.errors or done.output).strip().splitlines()[-8:])
        raise ToolFailed(f"A script inside {service} ({module}) {ended}\n{said}".strip(), fix=_FIX)
    return cast(dict[str, Json], json.loads(lines[-1])), _without_text(done, module)


def _without_text(done: Completed, module: str) -> Completed:
    """The same, with the script's name for its text: raw output is there to be read."""
    return Completed(("python", "-c", f"<{module}>"), done.exit_code, done.seconds, done.output, done.errors)
