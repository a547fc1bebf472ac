"""A service that finds nobody by name: the engine's name server cannot be reached from its network."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from stackproof.model.running import Site
from stackproof.model.stack import Stack
from stackproof.run.docker import journal, netlink, project
from stackproof.tools.docker.engine import Engine

# The container that shares the network has its /etc/resolv.conf, too. Table "local" is asked before all others: there
# the engine's address is 127.0.0.11 of the loopback, and the longer route is taken.
_SCRIPT = """
NEW, DELETE, LOCAL, STATIC, UNREACHABLE = 24, 25, 255, 4, 7
with open("/etc/resolv.conf") as file:
    servers = [line.split()[1] for line in file if line.startswith("nameserver ")]
if servers != ["127.0.0.11"]:
    sys.exit(f"its name servers are {servers}, and not the engine's own")
where = struct.pack("8BI", socket.AF_INET, 32, 0, 0, LOCAL, STATIC, 0, UNREACHABLE, 0)
where += attribute(1, socket.inet_aton(servers[0]))
if sys.argv[1] == "fail":
    must(tell(NEW, CREATE | REPLACE, where))
else:
    must(tell(DELETE, 0, where), (errno.ESRCH,))
"""


@contextmanager
def unresolved(engine: Engine, stack: Stack, site: Site, service: str) -> Iterator[None]:
    """Raises ToolFailed where its names do not come from the engine."""
    found = project.all_running(engine, stack, service)
    with journal.broken(site, "unresolved", found, partial(_mend, engine, stack)):
        netlink.change(engine, stack, _SCRIPT, "fail", found)
        yield


def heal(engine: Engine, stack: Stack, site: Site) -> None:
    journal.heal(site, "unresolved", partial(_mend, engine, stack))


def _mend(engine: Engine, stack: Stack, containers: journal.Items) -> None:
    netlink.change(engine, stack, _SCRIPT, "mend", containers)
