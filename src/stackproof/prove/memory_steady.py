"""SP328: a web application takes no more memory with every request that it answers."""

from itertools import pairwise
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service
from stackproof.prove import asking, from_inside, present
from stackproof.prove.verdicts import Row, held, rows, text, texts, unmeasured

_REQUESTS = 200  # of each round
_ROUNDS, _AT_MOST = 3, 8  # measured ones, after one that is not: more where none of them is quiet
_LIMIT = 16 * 1024  # bytes for each request: allocators take memory in steps, and this is what rounds show for certain
_KIB = 1024
_ROUND_WITHIN = 180.0


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    web = [service for service in present.of_role(running, "web") if service.health and service.health.kind == "http"]
    if not web:
        raise Unmeasurable("No web application of the project runs here.", fix="There is nobody to ask.")
    found: list[Json] = [_service(bench, running, service) for service in web]
    return Measurement(
        f"{_ROUNDS * _REQUESTS} requests each or more",
        f"rounds of {_REQUESTS} requests sent beside each server: {_ROUNDS} after the first one, and up to {_AT_MOST} "
        "while memory grows in each; resident memory of all its processes before the second round and after each",
        {"services": found, "requests": _REQUESTS},
    )


def _service(bench: Bench, running: Running, service: Service) -> dict[str, Json]:
    paths = _paths(bench, service)
    counts: dict[str, int] = {}
    resident: list[int] = []
    while len(resident) <= _ROUNDS or (len(resident) <= _AT_MOST and _growth(resident) > _LIMIT * _REQUESTS):
        found, _done = from_inside.beside(
            running, service.name, service.port or 0, "many_requests", [*paths], {**asking.headers(bench)}, _REQUESTS,
            timeout=_ROUND_WITHIN,
        )  # fmt: skip
        for status, count in cast(dict[str, int], found["counts"]).items():
            counts[status] = counts.get(status, 0) + count
        seen, _done = from_inside.look(running, service.name, "main_process", [])
        resident.append(cast(int, seen["resident"]))
    return {"service": service.name, "paths": [*paths], "counts": cast(Json, counts), "resident": [*resident]}


def _paths(bench: Bench, service: Service) -> tuple[str, ...]:
    """Its health path, and the route that the settings have counted."""
    assert service.health  # noqa: S101 - chosen so
    metered = bench.stack.metered
    counted = (metered.path,) if metered and metered.service == service.name else ()
    return (service.health.target, *counted)


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found, requests = rows(measurement, "services"), cast(int, measurement.observed["requests"])
    limit = f"{_LIMIT // _KIB} KiB for each request"
    if silent := [text(row, "service") for row in found if not _answered(row)]:
        return unmeasured(f"most requests to {', '.join(silent)} were not answered", limit)
    problems = [
        f"{row['service']} keeps {least / _KIB:.0f} KiB for each request to {' and '.join(texts(row, 'paths'))}"
        for row in found
        if (least := _least(row, requests)) > _LIMIT
    ]
    said = ", ".join(f"{row['service']} {_least(row, requests) / _KIB:.1f} KiB" for row in found)
    return held(problems, f"in its quietest round of {requests} requests each grew, per request, by: {said}", limit)


def _answered(row: Row) -> bool:
    counts = cast(dict[str, int], row["counts"])
    return sum(count for status, count in counts.items() if status[0] == "2") * 2 > sum(counts.values())


def _least(row: Row, requests: int) -> float:
    return _growth(cast(list[int], row["resident"])) / requests


def _growth(resident: list[int]) -> int:
    """Bytes in the round with the least: what leaks does so in every one, and a buffer with a bound fills up."""
    return min(after - before for before, after in pairwise(resident))


CLAIM = Claim(
    id="SP328-memory-steady",
    group="running",
    says="A web application takes no more memory with every request that it answers.",
    measure=_measure,
    judge=_judge,
    applies=lambda stack: any(service.role == "web" for service in stack.services),
    long="hundreds of requests",
)
