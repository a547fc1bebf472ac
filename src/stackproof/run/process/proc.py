"""Processes as the kernel lists them: who is who even when a number is used again, and who belongs to a service."""

import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from stackproof.run.process.launch import MARK

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Identity:
    """A process for good: its number and the clock tick at which it began."""

    pid: int
    start: int


@dataclass(frozen=True, slots=True)
class Listed:
    identity: Identity
    session: int


def boot() -> str:
    """Names this boot of the machine; process numbers of another boot mean nothing."""
    return (_PROC / "sys/kernel/random/boot_id").read_text().strip()


def identity(pid: int) -> Identity | None:
    """None where there is no such process, or only its zombie."""
    found = _listed(pid)
    return found.identity if found else None


def ourselves() -> Identity:
    found = identity(os.getpid())
    if found is None:
        raise RuntimeError("this process is not in /proc")
    return found


def alive(who: Identity) -> bool:
    return identity(who.pid) == who


def listed() -> Iterator[Listed]:
    """Every living process of this machine."""
    for entry in os.listdir(_PROC):  # noqa: PTH208 - a hundred Path objects would be thrown away
        if entry.isdigit() and (found := _listed(int(entry))):
            yield found


def marked(pid: int, mark: str) -> bool:
    """Whether its environment carries the mark, "<id>" or "<id>/<service>". One that we may not read does not."""
    try:
        return f"{MARK}={mark}/".encode() in (_PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return False


def members(main: Identity, mark: str) -> tuple[Identity, ...]:
    """All living processes of a service: its main process, its session, and those that carry its mark.

    A session whose number belongs to another process by now is a stranger's. Where the main process is gone its
    number can have been used again, so that a member must have come after it and carry the mark (or the mark's place
    must be unreadable as text, which is what servers that rewrite their title leave).
    """
    now = identity(main.pid)
    ours = now is None or now == main
    return tuple(
        one.identity
        for one in listed()
        if one.identity == main
        or marked(one.identity.pid, mark)
        or (ours and one.session == main.pid and one.identity.start >= main.start and (now or _untitled(one)))
    )


def _untitled(one: Listed) -> bool:
    """A process of ours whose environment cannot be read as variables any more."""
    try:
        environ = (_PROC / str(one.identity.pid) / "environ").read_bytes()
    except OSError:
        return False
    return b"PATH=" not in environ


def ended(who: Identity, within: float) -> bool:
    """Wait for a process to end, without polling; whether it did."""
    try:
        handle = os.pidfd_open(who.pid)
    except ProcessLookupError:
        return True
    try:
        over = not alive(who) or bool(select.select((handle,), (), (), within)[0])
    finally:
        os.close(handle)
    with suppress(ChildProcessError):
        os.waitpid(who.pid, os.WNOHANG)  # ours if we started it; nobody else would collect it
    return over


def parent(who: Identity) -> int | None:
    fields = _fields(who.pid)
    return int(fields[1]) if fields else None


def command(who: Identity) -> str:
    """ "" where it has ended."""
    try:
        return (_PROC / str(who.pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def kill(who: Identity) -> bool:
    return send(who, signal.SIGKILL)


def send(who: Identity, number: signal.Signals) -> bool:
    """A signal to exactly this process, never to another one that got its number; whether it was there."""
    try:
        handle = os.pidfd_open(who.pid)
    except OSError:
        return False
    try:
        if identity(who.pid) != who:
            return False
        signal.pidfd_send_signal(handle, number)
        return True
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)


def kill_all(main: Identity, mark: str) -> int:
    """SIGKILL to a service's processes until there are none, those too that are born meanwhile; how many there were.

    Gives up after about a second: a process that sleeps in the kernel dies when it wakes.
    """
    killed: set[Identity] = set()
    for _ in range(200):
        found = members(main, mark)
        if not found:
            break
        killed |= {who for who in found if kill(who)}
        time.sleep(0.005)
    return len(killed)


def _listed(pid: int) -> Listed | None:
    fields = _fields(pid)
    if not fields or fields[0] in "ZX":
        return None
    return Listed(Identity(pid, int(fields[19])), session=int(fields[3]))


def _fields(pid: int) -> list[str]:
    """Of proc(5)'s stat, from the state on; none where there is no such process."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return []
    return text[text.rindex(")") + 2 :].split()  # the name before it may hold anything
