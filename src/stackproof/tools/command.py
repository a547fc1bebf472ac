"""The one door to other programs: arguments as a tuple, a time limit, everything recorded."""

import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO

from stackproof.errors import ToolFailed
from stackproof.model.work import Completed, Ran

_LAST_WORDS = 3.0  # seconds
_WITH_SUBCOMMANDS = frozenset({"docker", "git", "uv"})
_heard: ContextVar[tuple[list[Ran], ...]] = ContextVar("heard", default=())
_bundle: ContextVar["Bundle | None"] = ContextVar("bundle", default=None)


@contextmanager
def heard() -> Iterator[list[Ran]]:
    """Every command of this thread that ends meanwhile, in short."""
    found: list[Ran] = []
    before = _heard.set((*_heard.get(), found))
    try:
        yield found
    finally:
        _heard.reset(before)


class Bundle:
    """The programs of other threads, to be ended together: of those that `join`ed it, each in a context of its own."""

    def __init__(self) -> None:
        self._alive = set[subprocess.Popen[bytes]]()
        self._ended = False

    def join(self) -> None:
        _bundle.set(self)

    def end(self) -> None:
        """Whoever waits for one, or starts one from now on, learns that it was killed."""
        self._ended = True
        for process in tuple(self._alive):
            _end_group(process)

    @contextmanager
    def holding(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        self._alive.add(process)
        try:
            if self._ended:
                _kill_group(process)
            yield
        finally:
            self._alive.discard(process)


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
    with _started(argv, cwd, env, subprocess.DEVNULL if stdin is None else subprocess.PIPE) as process:
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
    return _told(Completed(argv, exit_code, time.monotonic() - begun, _text(output), _text(errors)))


def follow(
    argv: tuple[str, ...],
    *,
    timeout: float,
    line: Callable[[str], None],
    tick: Callable[[], None] = lambda: None,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> Completed:
    """Like `run`, and `line` gets each line of both outputs as it comes, `tick` is called about ten times a second.

    Whatever the two raise ends the program and goes on to the caller.
    """
    begun = time.monotonic()
    with tempfile.TemporaryFile() as feed:
        feed.write(stdin or b"")
        feed.seek(0)
        with _started(argv, None, env, feed) as process:
            try:
                output, errors = _listened(process, begun + timeout, line, tick)
            except BaseException:
                _end_group(process)
                raise
            if (in_time := time.monotonic() < begun + timeout) is False:
                _kill_group(process)
            exit_code = process.wait() if in_time else None
    return _told(Completed(argv, exit_code, time.monotonic() - begun, output, errors))


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


def _told(done: Completed) -> Completed:
    program = Path(done.argv[0]).name
    words = [program, *(word for word in done.argv[1:2] if program in _WITH_SUBCOMMANDS)]
    for each in _heard.get():
        each.append(Ran(" ".join(words), done.exit_code, done.seconds))
    return done


@contextmanager
def _started(
    argv: tuple[str, ...], cwd: Path | None, env: Mapping[str, str] | None, stdin: int | IO[bytes]
) -> Iterator[subprocess.Popen[bytes]]:
    try:
        started = subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(env) if env is not None else None,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # a group of its own, so that a time limit ends its children too
        )
    except OSError as problem:
        raise ToolFailed(f"{argv[0]} could not be started: {problem.strerror}", fix=f"Install {argv[0]}.") from problem
    bundle = _bundle.get()
    with started as process, bundle.holding(process) if bundle else nullcontext():
        yield process


def _listened(
    process: subprocess.Popen[bytes], until: float, line: Callable[[str], None], tick: Callable[[], None]
) -> tuple[str, str]:
    """What the program writes to its two outputs until both are closed or the time is over."""
    assert process.stdout is not None and process.stderr is not None  # noqa: S101, PT018  for the type checker
    heard = {process.stdout: b"", process.stderr: b""}
    rest = dict(heard)
    with selectors.DefaultSelector() as selector:
        for pipe in heard:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map() and time.monotonic() < until:
            for key, _ in selector.select(0.1):
                pipe = process.stdout if key.fileobj is process.stdout else process.stderr
                if not (data := os.read(key.fd, 65536)):
                    selector.unregister(pipe)
                heard[pipe] += data
                *whole, rest[pipe] = (rest[pipe] + data).split(b"\n")
                for text in whole:
                    line(_text(text))
            tick()
    return _text(heard[process.stdout]), _text(heard[process.stderr])


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask first: a client that is killed cannot call back what it has asked a server for."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_LAST_WORDS)
    _kill_group(process)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
