"""What a machine cannot run of a stack: left out by name, in one place, and remembered for later commands."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from stackproof.model.running import Note, Progress, Site
from stackproof.model.stack import Service, Stack

_FILE = "left-out.json"  # in the state folder: reasons by service


def leave_out(stack: Stack, reasons: Mapping[str, str], site: Site, note: Note) -> Stack:
    """The stack without these services, said in one line; nothing is said where all of it can run."""
    file = site.state / _FILE
    if not reasons:
        file.unlink(missing_ok=True)
        return stack
    part = file.with_name(f"{_FILE}.part")
    part.write_text(json.dumps(dict(reasons)))
    part.replace(file)
    said = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
    note(Progress("up", "left out", said, "done"))
    return without(stack, reasons)


def remembered(site: Site) -> Mapping[str, str]:
    """Why which services were left out of the stack that is up."""
    file = site.state / _FILE
    found: dict[str, str] = json.loads(file.read_text()) if file.is_file() else {}
    return found


def without(stack: Stack, reasons: Mapping[str, str]) -> Stack:
    """The same stack as if they had never been planned, without what is said about them elsewhere in it."""
    names = frozenset(reasons)
    gone = _volumes(each for each in stack.services if each.name in names)
    gone -= _volumes(each for each in stack.services if each.name not in names)
    database = stack.database
    if database and database.backup in names:
        database = replace(database, backup=None)
    return replace(
        stack.without(names),
        volumes=tuple(each for each in stack.volumes if each.name not in gone),
        database=None if database and database.service in names else database,
        proxy=None if stack.proxy and stack.proxy.service in names else stack.proxy,
        load=None if stack.load and stack.load.service in names else stack.load,
    )


def _volumes(services: Iterable[Service]) -> set[str]:
    return {mount.volume for service in services for mount in service.mounts if mount.volume}
