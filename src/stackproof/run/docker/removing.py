"""Everything that `up` made, gone again: found by labels, so that it works without the Compose file too."""

import time
from collections.abc import Iterator, Sequence

from stackproof.model.running import Note, Progress
from stackproof.model.stack import Stack
from stackproof.run.docker import project
from stackproof.run.docker.project import Container
from stackproof.tools import command
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine, InUse

_QUIET = 1.0  # seconds without anything new
_LONGEST = 20.0  # seconds
_FIX = "See if the engine runs: docker info; then run `stackproof down` again."


def down(engine: Engine, stack: Stack, note: Note, *, volumes: bool) -> tuple[str, ...]:
    """Stop in reverse order of the start, each with its own grace time, and remove. Names of what was removed."""
    found = project.containers(engine, stack)
    for group in waves(stack, found):
        for each in group:
            note(Progress("down", each.service, "stopping", "begun"))
        _stop(engine, group)
        for each in group:
            note(Progress("down", each.service, "stopped", "done"))
    removed = _remove_containers(engine, (*found, *project.containers(engine, stack)))
    for identity in project.one_offs(engine, stack):
        sidecar.remove(engine, identity)
        removed += (f"container {identity[:12]}",)
    removed += _remove_sidecars(engine, stack) + _remove_networks(engine, stack)
    return removed + (_remove_volumes(engine, project.volumes(engine, stack)) if volumes else ())


def something(engine: Engine, stack: Stack) -> bool:
    """Whether the engine knows anything of this stack's name."""
    finds = (project.containers, project.one_offs, project.networks, project.volumes)
    return any(find(engine, stack) for find in finds)


def undo(engine: Engine, stack: Stack, known: frozenset[str], volumes: frozenset[str]) -> None:
    """Take back what an `up` that failed has made: not what was there before it.

    The engine still finishes what it was asked for before Compose was ended: so until nothing new has come for a while.
    """
    begun = clean_since = time.monotonic()
    while time.monotonic() - clean_since < _QUIET:
        try:
            found = _sweep(engine, stack, known, volumes)
        except InUse:
            if time.monotonic() - begun > _LONGEST:
                raise
            found = True
        if found:
            clean_since = time.monotonic()
        time.sleep(_QUIET / 5)


def _sweep(engine: Engine, stack: Stack, known: frozenset[str], volumes: frozenset[str]) -> bool:
    """Whether there was anything to remove. Raises InUse where something new came meanwhile."""
    made = [each for each in project.containers(engine, stack) if each.id not in known]
    removed = [*_remove_containers(engine, made), *_remove_sidecars(engine, stack)]
    removed += () if known else _remove_networks(engine, stack)
    removed += _remove_volumes(engine, project.volumes(engine, stack) - volumes)
    return bool(removed)


def remove_service(engine: Engine, found: Sequence[Container]) -> None:
    """Stop the containers of one service, all at once, and remove them."""
    _stop(engine, found)
    _remove_containers(engine, found)


def waves(stack: Stack, found: Sequence[Container]) -> Iterator[tuple[Container, ...]]:
    """Groups that can stop together: a service stops when nothing that needs it runs any more."""
    left = list(found)
    needs = {service.name: {need.service for need in service.needs} for service in stack.services}
    while left:
        needed = {name for each in left for name in needs.get(each.service, ()) if name != each.service}
        group = tuple(each for each in left if each.service not in needed) or tuple(left)
        yield group
        left = [each for each in left if each not in group]


def _stop(engine: Engine, group: Sequence[Container]) -> None:
    """The `docker` command stops several at once; each container carries its own grace time."""
    if running := [each for each in group if each.running]:
        grace = max(int(each.document["Config"].get("StopTimeout") or 10) for each in running)
        done = engine.command("stop", *(each.id for each in running), timeout=grace + 30)
        if done.exit_code != 0 and "No such container" not in done.errors:
            command.must(done, "Stopping containers", _FIX)


def _remove_containers(engine: Engine, found: Sequence[Container]) -> tuple[str, ...]:
    removed = {each.id: each.name for each in found}
    for identity in removed:
        sidecar.remove(engine, identity)
    return tuple(removed.values())


def _remove_sidecars(engine: Engine, stack: Stack) -> tuple[str, ...]:
    found = sidecar.left(engine, stack.name)
    for identity in found:
        sidecar.remove(engine, identity)
    return tuple(f"sidecar {identity[:12]}" for identity in found)


def _remove_networks(engine: Engine, stack: Stack) -> tuple[str, ...]:
    found = project.networks(engine, stack)
    for identity in found:
        engine.ask_for("Removing a network", lambda api, identity=identity: api.remove_network(identity))  # type: ignore[misc]
    return tuple(found.values())


def _remove_volumes(engine: Engine, names: frozenset[str]) -> tuple[str, ...]:
    for name in sorted(names):
        engine.ask_for("Removing a volume", lambda api, name=name: api.remove_volume(name, force=True))  # type: ignore[misc]
    return tuple(sorted(names))
