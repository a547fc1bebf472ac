"""Processes of a container stopped where they are, and going on again.

Not `docker pause`: the engine asks nobody for its health meanwhile, so that a hang would look well.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from stackproof.errors import Unmeasurable
from stackproof.model.running import Site
from stackproof.model.stack import Stack
from stackproof.run.docker import journal, killing, project
from stackproof.tools import command
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

_WITHIN = 30.0
# A container's processes are those of its cgroup, the service's are its main process and what comes of that: a health
# check comes of the engine. Numbers are the machine's.
_SCRIPT = """
import os, signal, sys
action, container, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
def read(pid, name):
    try:
        return open(f"/proc/{pid}/{name}", errors="replace").read()
    except OSError:
        return ""
def members():
    return sorted(int(one) for one in os.listdir("/proc") if one.isdigit() and container in read(one, "cgroup"))
def parent(pid):
    return int((read(pid, "stat").rpartition(")")[2].split() + ["", 0])[1])
def service():
    parents = {pid: parent(pid) for pid in members()}
    found = {number} & set(parents)
    while more := {pid for pid in parents if parents[pid] in found} - found:
        found |= more
    return found
def send(signal_number, pids):
    for pid in pids:
        try:
            os.kill(pid, signal_number)
        except ProcessLookupError:
            pass
if action == "stop":
    seen = set()
    while new := service() - seen:
        send(signal.SIGSTOP, sorted(new))
        seen |= new
elif action == "continue":
    send(signal.SIGCONT, members())
elif action == "stop-child":
    children = (pid for pid in members() if parent(pid) == number)
    found = [pid for pid in children if "resource_tracker" not in read(pid, "cmdline")]
    send(signal.SIGSTOP, found[:1])
    print(*found[:1])
else:
    print(number in members())
"""


@contextmanager
def frozen(engine: Engine, stack: Stack, site: Site, service: str) -> Iterator[None]:
    project.running(engine, stack, service)  # raises where there is none
    found = [(each.id, str(each.pid)) for each in project.of_service(engine, stack, service) if each.running]
    with journal.broken(site, "frozen", found, partial(_go_on, engine, stack)):
        for each in found:
            _run(engine, stack, "stop", *each)
        yield


@contextmanager
def frozen_child(engine: Engine, stack: Stack, site: Site, service: str) -> Iterator[Callable[[], bool]]:
    """Raises Unmeasurable where the main process has none."""
    target = project.running(engine, stack, service)
    who = (target.id, str(target.pid))
    with journal.broken(site, "frozen", (who,), partial(_go_on, engine, stack)):
        child = _run(engine, stack, "stop-child", *who)
        if not child:
            raise Unmeasurable(f"{service} is one process alone", fix=f"Give services.{service}.workers.")
        yield lambda: _run(engine, stack, "look", target.id, child) == "True"


def heal(engine: Engine, stack: Stack, site: Site) -> None:
    journal.heal(site, "frozen", partial(_go_on, engine, stack))


def _go_on(engine: Engine, stack: Stack, containers: journal.Items) -> None:
    for identity, pid in containers:
        if engine.ask_for("Looking for a container", lambda api, identity=identity: api.inspect_container(identity)):  # type: ignore[misc]
            _run(engine, stack, "continue", identity, pid)


def _run(engine: Engine, stack: Stack, action: str, container: str, pid: str) -> str:
    words = (action, container, pid)
    if killing.within_reach(engine, int(pid), container):
        done = command.run((sys.executable, "-I", "-S", "-c", _SCRIPT, *words), timeout=_WITHIN)
    else:
        looking = Sidecar(project.python_image(engine, stack), stack=stack.name, pid="host", capabilities=("KILL",))
        done = sidecar.run(engine, looking, _SCRIPT, *words, timeout=_WITHIN)
    return sidecar.seen(done, f"Signalling the processes of container {container[:12]} ({action})").strip()
