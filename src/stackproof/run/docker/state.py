"""What this runtime keeps in the state folder: a lock, and the events since `up`."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from stackproof.errors import UserError
from stackproof.model.running import Site
from stackproof.model.stack import Stack
from stackproof.tools.docker.watch import Happening

_LOCK, _EVENTS = "docker.lock", "docker-events.json"
COPY = "compose.json"  # of an adopted stack: it holds what the user's files say, secrets among it


@contextmanager
def locked(stack: Stack, site: Site) -> Iterator[None]:
    """Alone with this environment; the kernel lets go of the lock even after a kill -9. Raises UserError if taken."""
    folder(site)
    with (site.state / _LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"{stack.name} is being brought up or down by another stackproof right now",
                fix="Wait until that one has ended, then run the command again.",
            ) from None
        yield


def save_events(site: Site, begun: int, happenings: Sequence[Happening]) -> None:
    """`begun` is when `up` began by the engine's clock, in nanoseconds since 1970."""
    write(site, _EVENTS, {"begun": begun, "events": [asdict(happening) for happening in happenings]})


def events(site: Site) -> tuple[int, tuple[Happening, ...]] | None:
    """What `save_events` wrote; None where there is nothing."""
    found = read(site, _EVENTS)
    return (found["begun"], tuple(Happening(**event) for event in found["events"])) if found else None


def forget(site: Site) -> None:
    (site.state / _EVENTS).unlink(missing_ok=True)
    (site.state / COPY).unlink(missing_ok=True)


def folder(site: Site) -> Path:
    site.state.mkdir(parents=True, exist_ok=True)
    ignore = site.state / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    return site.state


def write(site: Site, name: str, document: dict[str, Any]) -> None:
    write_text(site, name, json.dumps(document))


def write_text(site: Site, name: str, text: str, mode: int = 0o644) -> None:
    """Whole or not at all."""
    path = folder(site) / name
    part = path.with_name(f"{name}.{os.getpid()}.part")
    part.touch(mode)
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def read(site: Site, name: str) -> dict[str, Any] | None:
    path = site.state / name
    if not path.is_file():
        return None
    try:
        loaded: dict[str, Any] = json.loads(path.read_text())
    except ValueError as problem:
        raise UserError(
            f"{path} cannot be read: {problem}", fix="Remove it; `stackproof up` writes it anew."
        ) from problem
    return loaded
