"""Processes stopped where they are, with a journal, so that they go on whatever happens to us."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import msgspec

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.run.process import proc
from stackproof.run.process.folder import Folder, replace


@dataclass(frozen=True, slots=True)
class Frozen:
    """The journal: whose processes, how they are known, and who stopped them."""

    main: proc.Identity
    mark: str
    by: proc.Identity


@contextmanager
def frozen(folder: Folder, service: str) -> Iterator[None]:
    """All of a service."""
    with _journal(folder, service) as who:
        stopped: set[proc.Identity] = set()
        while new := set(proc.members(who.main, who.mark)) - stopped:
            stopped |= new
            for each in new:
                proc.send(each, signal.SIGSTOP)
        yield


@contextmanager
def frozen_child(folder: Folder, service: str) -> Iterator[Callable[[], bool]]:
    """One child of its main process. Raises Unmeasurable where there is none."""
    with _journal(folder, service) as who:
        child = next((each for each in proc.members(who.main, who.mark) if _works(each, who.main)), None)
        if child is None:
            raise Unmeasurable(f"{service} is one process alone", fix=f"Give services.{service}.workers.")
        proc.send(child, signal.SIGSTOP)
        yield partial(proc.alive, child)


def heal(folder: Folder) -> tuple[str, ...]:
    """Let go on what a dead stackproof stopped; the service's mark."""
    try:
        found = msgspec.json.decode(folder.frozen.read_bytes(), type=Frozen)
    except FileNotFoundError:
        return ()
    if proc.alive(found.by):
        return ()
    _go_on(found, folder)
    return (found.mark,)


@contextmanager
def _journal(folder: Folder, service: str) -> Iterator[Frozen]:
    kept = folder.kept()
    if kept is None or service not in kept.mains:
        raise ToolFailed(f"{service} is not running", fix="See its logs: stackproof logs")
    who = Frozen(kept.mains[service], f"{kept.id}/{service}", proc.ourselves())
    replace(folder.frozen, msgspec.json.encode(who))
    try:
        yield who
    finally:
        _go_on(who, folder)


def _works(who: proc.Identity, main: proc.Identity) -> bool:
    """Not the process that only counts the semaphores of its parent (multiprocessing.resource_tracker)."""
    return proc.parent(who) == main.pid and "resource_tracker" not in proc.command(who)


def _go_on(who: Frozen, folder: Folder) -> None:
    for each in proc.members(who.main, who.mark):
        proc.send(each, signal.SIGCONT)
    folder.frozen.unlink(missing_ok=True)
