"""One process of a service: started so that it cannot outlive the supervisor, its output read, its end noticed."""

import asyncio
import ctypes
import os
import shutil
import signal
import subprocess
from pathlib import Path

from stackproof.run.process import proc, rights
from stackproof.run.process.launch import MARK, Launch
from stackproof.run.process.logfile import LogFile

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_LIBC = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies, so that none is lost from sight."""
    _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Reaper:
    """Notices the end of every child by the kernel's signal, adopted ones too; no polling."""

    def __init__(self) -> None:
        self._ends: dict[int, asyncio.Future[int]] = {}
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._reap)

    def end_of(self, pid: int) -> "asyncio.Future[int]":
        self._ends[pid] = asyncio.get_running_loop().create_future()
        return self._ends[pid]

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            if end := self._ends.pop(pid, None):
                end.set_result(os.waitstatus_to_exitcode(status))


class Child:
    """A running process with all that it brings forth. Its session has its own number."""

    def __init__(self, launch: Launch, mark: str, reaper: Reaper, log: LogFile) -> None:
        """Start it. Raises OSError where the program cannot be run."""
        self._mark, self._log = mark, log
        for folder in (launch.scratch, *launch.emptied):
            _empty(Path(folder))
        self._stop_signal = launch.stop_signal
        self._process = _started(launch, mark)
        self.pid = self._process.pid
        self._ended = reaper.end_of(self.pid)
        self.identity = proc.identity(self.pid) or proc.Identity(self.pid, 0)
        self._drained = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_reader(self._output, self._read)

    @property
    def _output(self) -> int:
        assert self._process.stdout is not None  # noqa: S101 - opened below
        return self._process.stdout.fileno()

    def terminate(self) -> None:
        """Ask it to end: the main process alone, for pool children must not get the signal (celery/celery#4795)."""
        if not self._ended.done():
            os.kill(self.pid, self._stop_signal)  # ours and not reaped yet: the number cannot be another's

    def kill(self) -> None:
        """SIGKILL to all its processes: the group at once, then whoever left the group."""
        if not self._ended.done():
            os.killpg(self.pid, signal.SIGKILL)
        proc.kill_all(self.identity, self._mark)

    async def ended(self) -> int:
        """The exit code, once the main process has ended; what it left behind is killed, as in a container."""
        code = await asyncio.shield(self._ended)
        self._process.returncode = code
        proc.kill_all(self.identity, self._mark)
        await asyncio.wait((self._drained,), timeout=1.0)
        self._close()
        return code

    def _read(self) -> None:
        try:
            data = os.read(self._output, 1 << 16)
        except BlockingIOError:
            return
        if data:
            self._log.write(data)
        else:
            self._close()

    def _close(self) -> None:
        if self._drained.done():
            return
        asyncio.get_running_loop().remove_reader(self._output)
        self._log.end()
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdout.close()
        self._drained.set_result(None)


def _started(launch: Launch, mark: str) -> subprocess.Popen[bytes]:
    supervisor = os.getpid()
    process = subprocess.Popen(
        (*launch.starter, *launch.argv),
        cwd=launch.cwd,
        env={**launch.environment, MARK: f"{mark}/"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=lambda: _become(launch, supervisor),  # safe: the supervisor has one thread
    )
    assert process.stdout is not None  # noqa: S101
    os.set_blocking(process.stdout.fileno(), False)
    return process


def _become(launch: Launch, supervisor: int) -> None:
    """In the child. Another user first: the kernel forgets the signal of a parent's death with the old one."""
    if launch.unprivileged and rights.needed():
        rights.give_up()
    _die_with(supervisor)


def _die_with(parent: int) -> None:
    """In the child: be killed when the supervisor ends, however it ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the line above
        os._exit(1)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
