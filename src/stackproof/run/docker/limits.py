"""The limits that the kernel enforces on a service, read from its own cgroup, version 1 or 2."""

from collections.abc import Iterator, Mapping
from pathlib import Path

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
    """Read inside the container, or in the same files of this host: what `docker inspect` says was only asked for.

    Raises Unmeasurable where the image has no `cat` and the engine is elsewhere, or there is no cgroup to see.
    """
    target = project.running(engine, stack, service, replica)
    second = str(engine.ask("Asking for the cgroup version", lambda api: api.info()).get("CgroupVersion")) == "2"
    names = _V2 if second else _V1
    parsed = version_2 if second else version_1
    paths = tuple(f"/sys/fs/cgroup/{name}" for name in names)
    done = engine.command("exec", target.id, "cat", *paths, timeout=20)
    lines = done.output.split("\n")[:-1]
    if done.exit_code == 0 and len(lines) == len(paths):
        return parsed(lines, paths)
    if engine.endpoint.local and (found := on_the_host(target.pid, names)):
        return parsed(*found)
    raise Unmeasurable(f"the cgroup of {service} cannot be read: {_why(done)}", fix="Use an image that has `cat`.")


def on_the_host(
    pid: int, names: tuple[str, ...], proc: Path = Path("/proc"), tree: Path = Path("/sys/fs/cgroup")
) -> tuple[list[str], tuple[str, ...]] | None:
    """The texts of these files of the process's cgroup, and where they lie; None where this host shows none."""
    try:
        listed = (proc / str(pid) / "cgroup").read_text().splitlines()
        groups = {name: path for line in listed for name, path in _controllers(line)}
        paths = tuple(_placed(tree, name, groups) for name in names)
        return [path.read_text().strip() for path in paths], tuple(map(str, paths))
    except (OSError, KeyError):
        return None


def _controllers(line: str) -> Iterator[tuple[str, str]]:
    """cgroups(7): hierarchy, its controllers (none in version 2), path."""
    _, names, path = line.split(":", 2)
    yield from ((name, path) for name in names.split(","))


def _placed(tree: Path, name: str, groups: Mapping[str, str]) -> Path:
    """`memory/memory.max` of version 1 lies below its controller, `memory.max` of version 2 in the one tree."""
    controller, slash, file = name.rpartition("/")
    return tree / controller / groups[controller].lstrip("/") / file if slash else tree / groups[""].lstrip("/") / file


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
