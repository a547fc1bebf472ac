"""What the kernel says about every process of a service, read from /proc by a container that shares its processes."""

import json
import re
from collections.abc import Mapping
from typing import Any

from stackproof.model.running import ProcessFacts
from stackproof.model.stack import Stack
from stackproof.run.docker import project
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from stackproof.tools.docker.sidecar import Sidecar

_SCRIPT = """
import json, os
found = []
for name in os.listdir("/proc"):
    if not name.isdigit() or int(name) == os.getpid():
        continue
    try:
        texts = [open(f"/proc/{name}/{file}", errors="replace").read() for file in ("status", "cmdline", "mountinfo")]
    except OSError:
        continue  # it ended while we looked
    found.append({"pid": int(name), "status": texts[0], "cmdline": texts[1], "mountinfo": texts[2]})
print(json.dumps(found))
"""
_RUNC = re.compile(r"runc:\[\d:\w+\]")
_SETS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")


def processes(engine: Engine, stack: Stack, service: str, replica: int) -> tuple[ProcessFacts, ...]:
    """Every process of the service, health checks that run just now too; pids as the service itself sees them.

    Not the engine's own: what is about to become a health check is still runc, with the engine's rights.
    """
    target = project.running(engine, stack, service, replica)
    looking = Sidecar(project.python_image(engine, stack), stack=stack.name, pid=f"container:{target.id}")
    done = sidecar.run(engine, looking, _SCRIPT)
    return parsed(sidecar.seen(done, f"Reading the processes of {service}"))


def parsed(text: str) -> tuple[ProcessFacts, ...]:
    """From the script's JSON; zombies, which hold nothing any more, and runc's own steps are left out."""
    found = [_facts(each) for each in json.loads(text)]
    return tuple(sorted((each for each in found if each), key=lambda each: each.pid))


def _facts(entry: Mapping[str, Any]) -> ProcessFacts | None:
    status = dict(line.split(":\t", 1) for line in str(entry["status"]).splitlines() if ":\t" in line)
    if status.get("State", "").startswith(("Z", "X")) or _RUNC.fullmatch(status.get("Name", "")):
        return None
    return ProcessFacts(
        pid=int(entry["pid"]),
        command=str(entry["cmdline"]).replace("\0", " ").strip() or f"[{status.get('Name', '')}]",
        uid=int(status["Uid"].split()[1]),  # the effective one
        gid=int(status["Gid"].split()[1]),
        capabilities=_capabilities(status),
        no_new_privileges=status.get("NoNewPrivs") == "1",
        root_read_only=_root_read_only(str(entry["mountinfo"])),
    )


def _capabilities(status: Mapping[str, str]) -> int:
    """All that it has or could ever get: the union of its five sets, the bounding set among them."""
    mask = 0
    for name in _SETS:
        mask |= int(status.get(name, "0"), 16)
    return mask


def _root_read_only(mountinfo: str) -> bool:
    """Whether / is mounted read-only (proc(5): field 5 is the mount point, field 6 its options)."""
    roots = [fields[5].split(",") for line in mountinfo.splitlines() if (fields := line.split())[4] == "/"]
    return bool(roots) and "ro" in roots[-1]
