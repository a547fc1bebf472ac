"""The one door to other programs: arguments as a tuple, a time limit, everything recorded."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from stackproof.errors import ToolFailed
from stackproof.model.running import Completed


def run(
    argv: tuple[str, ...],
    *,
    timeout: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> Completed:
    """Run to the end, or for `timeout` seconds; then its whole process group is killed and `exit_code` is None.

    `env` replaces the environment. Raises ToolFailed where the program is not there.
    """
    begun = time.monotonic()
    with _started(argv, cwd, env, stdin is not None) as process:
        try:
            output, errors = process.communicate(stdin, timeout)
            exit_code: int | None = process.returncode
        except subprocess.TimeoutExpired:
            _kill_group(process)
            output, errors = process.communicate()
            exit_code = None
        except BaseException:
            _kill_group(process)
            raise
    return Completed(argv, exit_code, time.monotonic() - begun, _text(output), _text(errors))


def must(done: Completed, doing: str, fix: str) -> Completed:
    """The same, where any end but 0 is a failed tool. Raises ToolFailed with the last lines that it printed."""
    if done.exit_code == 0:
        return done
    ended = f"did not end within {done.seconds:.0f} s" if done.exit_code is None else f"exit code {done.exit_code}"
    said = "\n".join((done.errors.strip() or done.output.strip()).splitlines()[-15:])
    raise ToolFailed(f"{doing} failed: {done.argv[0]} ({ended})\n{said}", fix=fix)


def find(name: str, fix: str) -> str:
    """Path of a program. Raises ToolFailed where there is none."""
    if found := shutil.which(name):
        return found
    raise ToolFailed(f"{name} is not installed, or not on the PATH", fix=fix)


def _started(
    argv: tuple[str, ...], cwd: Path | None, env: Mapping[str, str] | None, feeds: bool
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(env) if env is not None else None,
            stdin=subprocess.PIPE if feeds else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # a group of its own, so that a time limit ends its children too
        )
    except OSError as problem:
        raise ToolFailed(f"{argv[0]} could not be started: {problem.strerror}", fix=f"Install {argv[0]}.") from problem


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
