"""SP329: what is stored lies on the volume that is there for it, and its owner may write there."""

import posixpath
from collections.abc import Iterator

from stackproof.errors import ToolFailed
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service, Stack, resolve
from stackproof.prove import present
from stackproof.prove.verdicts import Row, held, rows, text, unmeasured

_STORES = ("redis", "postgres")  # whose working folder is their data folder
_FIX = "Look at the service's log with `stackproof logs`."


def applies(stack: Stack) -> bool:
    return bool(stack.volumes)


def _measure(bench: Bench) -> Measurement:
    _ = bench.workshop  # volumes of plain processes are folders, and nothing is mounted
    running = bench.running()
    found: list[Json] = [row for each in present.services(running) if _kept(each) for row in _of(running, each)]
    return Measurement(
        f"{len(found)} places",
        "the working folder of each store's main process, and each SQLite file; which mount of the container that is "
        "in, as the kernel says; and whether the service's own user can write to its volumes",
        {"places": found},
    )


def _kept(service: Service) -> tuple[str, ...]:
    return tuple(mount.path for mount in service.mounts if mount.volume and not mount.read_only)


def _of(running: Running, service: Service) -> Iterator[dict[str, Json]]:
    mounts = _mounts(_read(running, service, "cat", "/proc/self/mountinfo"))
    for path in _kept(service):
        code = running.run(service.name, ("sh", "-c", 'test -w "$1"', "sh", path)).exit_code
        yield {"service": service.name, "what": "a volume", "path": path, "writable": code == 0, **_mount(path, mounts)}
    for what, path in _data(running, service):
        yield {"service": service.name, "what": what, "path": path, "writable": True, **_mount(path, mounts)}


def _data(running: Running, service: Service) -> Iterator[tuple[str, str]]:
    if service.software in _STORES and service.role == "store":
        yield "its data", _read(running, service, "readlink", "/proc/1/cwd").strip()
    volumes = {f"volume.{mount.volume}": mount.path for mount in service.mounts if mount.volume}
    for file in running.stack.sqlite if service.role == "web" else ():
        if any(f"@{{{name}}}" in file for name in volumes):
            path = resolve(file, volumes)
            found = running.run(service.name, ("sh", "-c", 'test -s "$1"', "sh", path)).exit_code == 0
            yield ("the database" if found else "the database, not yet there,"), path


def _read(running: Running, service: Service, *argv: str) -> str:
    done = running.run(service.name, argv)
    if done.exit_code != 0:
        raise ToolFailed(f"{argv[0]} failed in {service.name}: {done.errors.strip()[-200:]}", fix=_FIX)
    return done.output


def _mounts(told: str) -> tuple[tuple[str, str, str], ...]:
    """Mount point, file system, and the folder of it that is mounted: proc_pid_mountinfo(5)."""
    lines = (line.partition(" - ") for line in told.splitlines())
    return tuple((left.split()[4], right.split()[0], left.split()[3]) for left, dash, right in lines if dash)


def _mount(path: str, mounts: tuple[tuple[str, str, str], ...]) -> dict[str, Json]:
    """The last of the innermost mounts is what is seen there."""
    inside = [each for each in mounts if posixpath.commonpath((path, each[0])) == each[0]]
    point, system, root = max(inside, key=lambda each: len(each[0]), default=("/", "unknown", "/"))
    return {"mount": point, "system": system, "root": root}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    places = rows(measurement, "places")
    if not places:
        return unmeasured("nothing that runs here keeps anything on a volume")
    data = [row for row in places if row["what"] != "a volume"] or places
    said = ", ".join(f"{row['service']} {row['path']}" for row in data)
    return held((problem for row in places for problem in _problems(row)), f"on volumes: {said}")


def _problems(row: Row) -> Iterator[str]:
    where = f"{row['service']}: {row['what']} ({row['path']})"
    if row["system"] in ("tmpfs", "overlay") or not text(row, "root").endswith("/_data"):
        yield f"{where} is on no volume: {row['mount']} is {row['system']} ({row['root']})"
    if not row["writable"]:
        yield f"{where} cannot be written by its own user"


CLAIM = Claim(
    id="SP329-volumes-hold",
    group="running",
    says="What is stored lies on the volume that is there for it, and whoever stores it can write there.",
    measure=_measure,
    judge=_judge,
    applies=applies,
    company="looks",
)
