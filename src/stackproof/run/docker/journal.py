"""What is broken on purpose, written down before it is: the next command mends what a killed stackproof left."""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from stackproof.model.running import Site
from stackproof.run.docker import state

Kind = Literal["away", "frozen", "cut", "unresolved", "slowed", "unwritable", "scaled"]
Items = Sequence[tuple[str, ...]]
Mend = Callable[[Items], None]
_KINDS: tuple[Kind, ...] = ("away", "frozen", "cut", "unresolved", "slowed", "unwritable", "scaled")


@contextmanager
def broken(site: Site, kind: Kind, items: Items, mend: Mend) -> Iterator[None]:
    """They are mended at the end whatever happens; where that fails they stay written down."""
    with (state.folder(site) / _lock(kind)).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # held, so that nobody mends them before their time
        _save(site, kind, items)
        try:
            yield
        finally:
            mend(items)
            _save(site, kind, ())


def heal(site: Site, kind: Kind, mend: Mend) -> None:
    """Mend what a stackproof that was killed had broken."""
    if (items := saved(site, kind)) and not _held(site, kind):
        mend(items)
        _save(site, kind, ())


def saved(site: Site, kind: Kind) -> Items:
    found = state.read(site, _file(kind))
    return tuple(tuple(item) for item in found["items"]) if found else ()


def forget(site: Site) -> None:
    for kind in _KINDS:
        (site.state / _file(kind)).unlink(missing_ok=True)
        (site.state / _lock(kind)).unlink(missing_ok=True)


def _save(site: Site, kind: Kind, items: Items) -> None:
    state.write(site, _file(kind), {"items": [list(item) for item in items]})


def _held(site: Site, kind: Kind) -> bool:
    with (state.folder(site) / _lock(kind)).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _file(kind: Kind) -> str:
    return f"docker-{kind}.json"


def _lock(kind: Kind) -> str:
    return f"docker-{kind}.lock"
