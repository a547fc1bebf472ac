"""SP305: the limits that the stack states are the ones that the kernel enforces."""

from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service
from stackproof.prove import present
from stackproof.prove.verdicts import Row, held, number, rows, text

_MIB = 1024 * 1024
_PAGE = 4096  # the kernel rounds memory down to whole pages, and the quota of CPU time to microseconds
_CPU = 0.01


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    found: list[Json] = [row for service in present.services(running) for row in _service(running, service)]
    return Measurement(f"{len(found)} limits", "read from the cgroup of each service's main process", {"limits": found})


def _service(running: Running, service: Service) -> Iterator[dict[str, Json]]:
    stated, found = service.limits, running.limits(service.name)
    read_from: list[Json] = list(found.read_from)
    for name, wanted, is_now, rounding in (
        ("memory", stated.memory_mb * _MIB, found.memory_bytes, _PAGE),
        ("cpus", stated.cpus, found.cpus, _CPU),
        ("pids", stated.pids, found.pids, 0),
    ):
        yield {
            "service": service.name,
            "limit": name,
            "stated": wanted,
            "found": is_now,
            "rounding": rounding,
            "read_from": read_from,
        }


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    limits = rows(measurement, "limits")
    return held(
        (problem for row in limits if (problem := _problem(row))),
        f"{len(limits)} limits of {len({row['service'] for row in limits})} services are in force as stated",
    )


def _problem(row: Row) -> str:
    stated, found = number(row, "stated") or 0.0, number(row, "found")
    which = f"{text(row, 'service')}: {text(row, 'limit')}"
    if not stated:
        return f"{which} is not limited: the Compose file states no limit" if found is None else ""
    if found is None:
        return f"{which} is not limited at all (stated: {_words(row, stated)})"
    if abs(found - stated) > (number(row, "rounding") or 0.0):
        return f"{which} is limited to {_words(row, found)} and not to {_words(row, stated)}"
    return ""


def _words(row: Row, value: float) -> str:
    return f"{value / _MIB:g} MiB" if row["limit"] == "memory" else f"{value:g}"


CLAIM = Claim(
    id="SP305-limits-in-force",
    group="running",
    says="Memory, CPU and process limits are in force as the stack states them.",
    measure=_measure,
    judge=_judge,
    company="looks",
)
