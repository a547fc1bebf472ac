"""A service out of memory: a process of ours takes what its limit leaves, until the kernel kills one of the service's.

Nothing of it has to be undone: what was taken is given back at once, and after seconds whatever happens to us.
"""

import sys

from stackproof.errors import Unmeasurable
from stackproof.model.stack import Stack
from stackproof.run.docker import killing, project
from stackproof.tools import command
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

_WITHIN = 30.0
_UNLIMITED = "its memory is not limited"
_GROUPS = "/sys/fs/cgroup"
# Kernel documentation, admin-guide/cgroup-v1/memory and cgroup-v2. What is taken is a file in memory: it counts for the
# group and not for the process that holds it, and the service's processes are made the first choice of the kernel. The
# one that watches stays outside: the engine kills whoever is left in the group of a container that has ended.
_SCRIPT = """
import os, signal, sys, time
container, number = sys.argv[1], int(sys.argv[2])
def read(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except OSError:
        return ""
def group():
    for line in read(f"/proc/{number}/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if container in path and "memory" in controllers.split(","):
            return f"/sys/fs/cgroup/memory{path}", "memory.limit_in_bytes", "memory.oom_control"
        if container in path and not controllers and os.path.exists(f"/sys/fs/cgroup{path}/memory.max"):
            return f"/sys/fs/cgroup{path}", "memory.max", "memory.events"
    sys.exit("its memory cgroup cannot be seen from here")
def stat(pid):
    return read(f"/proc/{pid}/stat").rpartition(")")[2].split()
def service():
    members = {int(pid): stat(pid) for pid in read(f"{folder}/cgroup.procs").split()}
    found = {number} & set(members)
    while more := {pid for pid, said in members.items() if said and int(said[1]) in found} - found:
        found |= more
    return {pid: members[pid][19] for pid in found}
def kills():
    return [line for line in read(f"{folder}/{events}").splitlines() if line.startswith("oom_kill ")]
def take():
    signal.alarm(15)
    with open(f"{folder}/cgroup.procs", "w") as file:
        file.write("0")
    held, piece = os.memfd_create("held"), bytes(256 << 10)
    for _ in range(4 * int(limit) // len(piece)):
        os.write(held, piece)
    time.sleep(15)
folder, name, events = group()
limit = read(f"{folder}/{name}").strip()
if limit == "max" or int(limit) >= 1 << 60:
    sys.exit("@unlimited@")
there, before = service(), kills()
def prefer(score, pid):
    try:
        with open(f"/proc/{pid}/oom_score_adj", "r+") as file:
            file.write(score)
    except OSError:
        pass
scores = {pid: read(f"/proc/{pid}/oom_score_adj") for pid in there}
for pid in there:
    prefer("1000", pid)
taker = os.fork()
if not taker:
    take()
    os._exit(0)
try:
    until = time.monotonic() + 12
    while time.monotonic() < until:
        gone = [pid for pid, begun in there.items() if stat(pid)[19:20] != [begun] or stat(pid)[0] == "Z"]
        if number in gone or (gone and kills() != before):
            break
        time.sleep(0.005)
    else:
        sys.exit("the kernel killed nothing of it")
finally:
    os.kill(taker, signal.SIGKILL)
    os.waitpid(taker, 0)
    for pid, score in scores.items():
        prefer(score, pid)
print(number in gone)
""".replace("@unlimited@", _UNLIMITED)


def exhaust(engine: Engine, stack: Stack, service: str, replica: int) -> str:
    """The id of the container where it was its main process; "" where that lives on.

    Raises Unmeasurable where no limit is in force, ToolFailed where the kernel kills nobody."""
    target = project.running(engine, stack, service, replica)
    words = (target.id, str(target.pid))
    if killing.within_reach(engine, target.pid, target.id):
        done = command.run((sys.executable, "-I", "-S", "-c", _SCRIPT, *words), timeout=_WITHIN)
    else:
        done = sidecar.run(engine, _place(engine, stack), _SCRIPT, *words, timeout=_WITHIN)
    if _UNLIMITED in done.errors:
        raise Unmeasurable(f"{service} has no limit of memory that is in force", fix="See SP305-limits-in-force.")
    said = sidecar.seen(done, f"Taking the memory of {service}")
    return target.id if said.strip() == "True" else ""


def _place(engine: Engine, stack: Stack) -> Sidecar:
    return Sidecar(
        project.python_image(engine, stack),
        stack=stack.name,
        pid="host",
        cgroups="host",
        capabilities=("DAC_OVERRIDE", "KILL"),
        binds=(f"{_GROUPS}:{_GROUPS}",),
    )
