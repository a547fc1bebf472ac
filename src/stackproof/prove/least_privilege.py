"""SP304: every process of every container runs without any privilege that it could lose."""

from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, ProcessFacts
from stackproof.model.stack import Bounds
from stackproof.prove import present
from stackproof.prove.verdicts import Row, held, rows, texts, unmeasured


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    names = [service.name for service in present.services(running)]
    every = present.replicas(running, *names)
    found: list[Json] = [_process(each[0], process) for each in every for process in running.processes(*each)]
    services: list[Json] = list(names)
    return Measurement(
        f"{len(found)} processes",
        "the kernel's own words on every process (/proc/PID/status, /proc/PID/mountinfo)",
        {"processes": found, "services": services},
    )


def _process(service: str, process: ProcessFacts) -> dict[str, Json]:
    return {
        "service": service,
        "pid": process.pid,
        "command": process.command,
        "uid": process.uid,
        "gid": process.gid,
        "capabilities": process.capabilities,
        "no_new_privileges": process.no_new_privileges,
        "root_read_only": process.root_read_only,
    }


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    processes = rows(measurement, "processes")
    seen = {process["service"] for process in processes}
    if unseen := [name for name in texts(measurement.observed, "services") if name not in seen]:
        return unmeasured(f"no process was found in {', '.join(unseen)}")
    users = sorted({f"{process['uid']}" for process in processes})
    because = (
        f"{len(processes)} processes in {len(seen)} services run as user {', '.join(users)}, "
        "without capabilities, without new privileges, on a read-only root"
    )
    return held((problem for process in processes for problem in _problems(process)), because)


def _problems(process: Row) -> Iterator[str]:
    which = f"{process['service']} (process {process['pid']}, {str(process['command'])[:40]})"
    if process["uid"] == 0:
        yield f"{which} runs as root"
    if process["capabilities"]:
        yield f"{which} has capabilities ({process['capabilities']:#x})"
    if not process["no_new_privileges"]:
        yield f"{which} may gain new privileges"
    if not process["root_read_only"]:
        yield f"{which} can write to its root file system"


CLAIM = Claim(
    id="SP304-least-privilege",
    group="running",
    says="Every process is non-root, without capabilities or new privileges, on a read-only root file system.",
    measure=_measure,
    judge=_judge,
)
