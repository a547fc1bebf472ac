"""The limits that the kernel enforces on a service, read from its own cgroup, version 1 or 2."""

from stackproof.errors import Unmeasurable
from stackproof.model.running import Completed, LimitsFound
from stackproof.model.stack import Stack
from stackproof.run.docker import project
from stackproof.tools.docker.engine import Engine

# One number, or two, in each: kernel documentation, admin-guide/cgroup-v1 and cgroup-v2.
_V1 = ("memory/memory.limit_in_bytes", "cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us", "pids/pids.max")
_V2 = ("memory.max", "cpu.max", "pids.max")
_NO_LIMIT = 1 << 60  # version 1 has no word for it: it shows the largest number that fits


def limits(engine: Engine, stack: Stack, service: str, replica: int) -> LimitsFound:
    """Read inside the container: what `docker inspect` says was asked for, not what is in force.

    Raises Unmeasurable where the image has no `cat`, or the engine shows the container no cgroup.
    """
    target = project.running(engine, stack, service, replica)
    second = str(engine.ask("Asking for the cgroup version", lambda api: api.info()).get("CgroupVersion")) == "2"
    paths = tuple(f"/sys/fs/cgroup/{name}" for name in (_V2 if second else _V1))
    done = engine.command("exec", target.id, "cat", *paths, timeout=20)
    lines = done.output.split("\n")[:-1]
    if done.exit_code != 0 or len(lines) != len(paths):
        raise Unmeasurable(f"the cgroup of {service} cannot be read: {_why(done)}", fix="Use an image that has `cat`.")
    return version_2(lines, paths) if second else version_1(lines, paths)


def version_1(lines: list[str], paths: tuple[str, ...]) -> LimitsFound:
    memory, quota, period, pids = lines
    return LimitsFound(
        memory_bytes=int(memory) if int(memory) < _NO_LIMIT else None,
        cpus=int(quota) / int(period) if int(quota) > 0 else None,
        pids=_number(pids),
        read_from=paths,
    )


def version_2(lines: list[str], paths: tuple[str, ...]) -> LimitsFound:
    memory, cpu, pids = lines
    quota, period = cpu.split()
    return LimitsFound(
        memory_bytes=_number(memory),
        cpus=int(quota) / int(period) if quota != "max" else None,
        pids=_number(pids),
        read_from=paths,
    )


def _number(text: str) -> int | None:
    return None if text.strip() == "max" else int(text)


def _why(done: Completed) -> str:
    return (done.errors.strip() or done.output.strip() or "nothing was printed").splitlines()[-1]
