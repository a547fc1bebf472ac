"""A service on a slow line: what it sends waits in a short queue that overflows, so that packets are late and lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.running import Site
from stackproof.model.stack import Stack
from stackproof.run.docker import journal, netlink, project
from stackproof.tools.docker.engine import Engine

_UNKNOWN = "the kernel has no token bucket filter"
# tc-tbf(8), include/uapi/linux/pkt_sched.h. 32 kbit/s, with room for a second's worth; a burst holds a whole packet.
_SCRIPT = """
NEW, DELETE, ROOT = 36, 37, 0xFFFFFFFF
RATE, BURST, QUEUE = 4000, 2000, 4000
def speed(bytes_per_second):
    return struct.pack("BBHhHI", 0, 1, 0, -1, 0, bytes_per_second)
def bucket():
    parameters = speed(RATE) + speed(0) + struct.pack("III", QUEUE, 0, 0)
    return attribute(1, b"tbf\\0") + attribute(2, attribute(1, parameters) + attribute(6, struct.pack("I", BURST)))
for name in sorted(os.listdir("/sys/class/net")):
    if name == "lo":
        continue
    where = struct.pack("BBHiIII", 0, 0, 0, socket.if_nametoindex(name), 0, ROOT, 0)
    if sys.argv[1] == "slow":
        problem = tell(NEW, CREATE | REPLACE, where + bucket())
        must(problem) if problem != errno.ENOENT else sys.exit("@unknown@")
    else:
        must(tell(DELETE, 0, where), (errno.ENOENT, errno.EINVAL))
""".replace("@unknown@", _UNKNOWN)


@contextmanager
def slowed(engine: Engine, stack: Stack, site: Site, service: str) -> Iterator[None]:
    """Raises Unmeasurable where the kernel offers no such queue."""
    found = project.all_running(engine, stack, service)
    with journal.broken(site, "slowed", found, partial(_mend, engine, stack)):
        try:
            netlink.change(engine, stack, _SCRIPT, "slow", found)
        except ToolFailed as problem:
            if _UNKNOWN not in str(problem):
                raise
            raise Unmeasurable(
                f"{_UNKNOWN}: no line can be slow", fix="Use a kernel with CONFIG_NET_SCH_TBF."
            ) from problem
        yield


def heal(engine: Engine, stack: Stack, site: Site) -> None:
    journal.heal(site, "slowed", partial(_mend, engine, stack))


def _mend(engine: Engine, stack: Stack, containers: journal.Items) -> None:
    netlink.change(engine, stack, _SCRIPT, "mend", containers)
