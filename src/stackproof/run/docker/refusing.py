"""Volumes that refuse every write, also to files that are open: each of their files and folders is immutable.

Not a read-only mount: the kernel refuses that while anybody has a file open for writing, as every store has.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.running import Site
from stackproof.model.stack import Stack
from stackproof.run.docker import journal, project
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

_WITHIN = 60.0
_UNKNOWN = "its file system knows no immutable files"
# ioctl_iflags(2). A folder first, so that nothing new is in it when its files are read. That a file which was open
# before refuses, too, is ext4's way: it is tried on one of ours.
_SCRIPT = """
import fcntl, os, struct, sys
GET, SET, IMMUTABLE, TRIED = 0x80086601, 0x40086602, 0x10, "/volume/.stackproof-refusing"
def mark(path, on):
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return
    try:
        flags = struct.unpack_from("i", fcntl.ioctl(handle, GET, bytes(8)))[0]
        fcntl.ioctl(handle, SET, struct.pack("q", flags | IMMUTABLE if on else flags & ~IMMUTABLE))
    finally:
        os.close(handle)
def all_below(folder, on):
    mark(folder, on)
    for each in os.scandir(folder):
        if each.is_dir(follow_symlinks=False):
            all_below(each.path, on)
        elif each.is_file(follow_symlinks=False):
            mark(each.path, on)
def refused():
    tried = os.open(TRIED, os.O_WRONLY | os.O_CREAT)
    try:
        all_below("/volume", True)
        os.write(tried, b"1")
    except PermissionError:
        return True
    except OSError:
        return False
    finally:
        os.close(tried)
    return False
if sys.argv[1] == "refuse":
    refused() or sys.exit("@unknown@")
else:
    all_below("/volume", False)
    if os.path.exists(TRIED):
        os.remove(TRIED)
""".replace("@unknown@", _UNKNOWN)


@contextmanager
def unwritable(engine: Engine, stack: Stack, site: Site, service: str) -> Iterator[None]:
    """Raises Unmeasurable where a file system cannot do that."""
    project.running(engine, stack, service)  # raises where there is none
    names = {name for each in project.of_service(engine, stack, service) for name in each.volumes}
    volumes = tuple((name,) for name in sorted(names))
    with journal.broken(site, "unwritable", volumes, partial(_mend, engine, stack)):
        for (name,) in volumes:
            try:
                _run(engine, stack, "refuse", name)
            except ToolFailed as problem:
                if _UNKNOWN not in str(problem):
                    raise
                raise Unmeasurable(f"{name}: {_UNKNOWN}", fix="Keep the engine's volumes on ext4.") from problem
        yield


def heal(engine: Engine, stack: Stack, site: Site) -> None:
    journal.heal(site, "unwritable", partial(_mend, engine, stack))


def _mend(engine: Engine, stack: Stack, volumes: journal.Items) -> None:
    for (name,) in volumes:
        if engine.ask_for("Looking for a volume", lambda api, name=name: api.inspect_volume(name)):  # type: ignore[misc]
            _run(engine, stack, "mend", name)


def _run(engine: Engine, stack: Stack, action: str, volume: str) -> None:
    place = Sidecar(
        project.python_image(engine, stack),
        stack=stack.name,
        capabilities=("LINUX_IMMUTABLE", "DAC_OVERRIDE", "FOWNER"),
        binds=(f"{volume}:/volume",),
    )
    done = sidecar.run(engine, place, _SCRIPT, action, timeout=_WITHIN)
    sidecar.seen(done, f"Marking the files of the volume {volume} ({action})")
