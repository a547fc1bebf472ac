"""What a killed supervisor left behind, found by its records and cleaned up."""

from stackproof.run.process import away, freezing, proc
from stackproof.run.process.folder import Folder, Kept


def ailing(folder: Folder) -> bool:
    """Whether a dead stackproof left anything to do."""
    kept = folder.kept()
    return folder.away.exists() or folder.frozen.exists() or (kept is not None and not lives(kept))


def heal(folder: Folder) -> tuple[str, ...]:
    """Kill what is left of a stack whose supervisor is dead, undo a dead stackproof's faults; what was done."""
    done = tuple(f"put back {path}" for path in away.heal(folder))
    done += tuple(f"let {mark.rpartition('/')[2]} go on" for mark in freezing.heal(folder))
    kept = folder.kept()
    if kept is None or lives(kept):
        return done
    killed = 0
    if kept.boot == proc.boot():
        proc.ended(kept.supervisor, 0.0)
        killed = leftovers(kept)
    folder.clear()
    return (*done, *((f"killed {killed} processes that a dead stackproof left",) if killed else ()))


def lives(kept: Kept) -> bool:
    """Whether the supervisor of this record still is that process."""
    return kept.boot == proc.boot() and proc.alive(kept.supervisor)


def leftovers(kept: Kept) -> int:
    """Kill every process of every service of the record; a recycled number is nobody's of ours."""
    return sum(proc.kill_all(main, f"{kept.id}/{name}") for name, main in kept.mains.items()) + _strays(kept)


def _strays(kept: Kept) -> int:
    """Those whose service had no main process when the record was written: they carry the stack's mark."""
    found = [one.identity for one in proc.listed() if proc.marked(one.identity.pid, kept.id)]
    return sum(proc.kill(who) for who in found)
