"""SP107: whatever drains is done before it is killed, and a proxy outlasts what it leads to."""

import re
from collections.abc import Iterator
from itertools import pairwise

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import composed
from stackproof.prove.composed import Document
from stackproof.prove.verdicts import Row, held, number, rows, rows_in, text, texts, unmeasured

_USUAL = "10s"  # Compose's, where a service says nothing
_OPTIONS = {
    "--timeout-graceful-shutdown": "uvicorn's graceful shutdown",
    "--graceful-timeout": "gunicorn's graceful shutdown",
    "--sigint-timeout": "the reloader's wait for its command",
}
_WORKER = re.compile(r"\bcelery\b.*\bworker\b")


def _measure(bench: Bench) -> Measurement:
    soft = bench.stack.celery.soft_shutdown if bench.stack.celery else 0.0
    found: list[Json] = [
        _row(environment, name, service, soft)
        for environment, document in composed.documents(bench).items()
        for name, service in composed.services(document)
    ]
    return Measurement(
        f"{len(found)} grace times",
        "in each rendered Compose file: `stop_grace_period`, the time for open work that the command states, Celery's "
        "soft shutdown, and what a proxy waits for",
        {"services": found},
    )


def _row(environment: str, name: str, service: Document, soft: float) -> dict[str, Json]:
    drains: list[Json] = [{"what": what, "seconds": seconds} for what, seconds in _drains(service, soft)]
    proxied: list[Json] = [*composed.waits(service)] if composed.command(service)[:1] == ("nginx",) else []
    grace = composed.seconds(str(service.get("stop_grace_period") or _USUAL))
    return {"environment": environment, "service": name, "grace": grace, "drains": drains, "proxied": proxied}


def _drains(service: Document, soft: float) -> Iterator[tuple[str, float]]:
    words = composed.command(service)
    for option, what in _OPTIONS.items():
        yield from ((what, float(after)) for word, after in pairwise(words) if word == option)
    if soft and _WORKER.search(" ".join(words)) and "REMAP_SIGTERM" in (service.get("environment") or {}):
        yield "Celery's soft shutdown", soft


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = rows(measurement, "services")
    longest = {(text(row, "environment"), text(row, "service")): _longest(row) for row in found}
    if not any(longest.values()):
        return unmeasured("no command says how long its server takes for open work")
    drained = [row for row in found if _longest(row)]
    said = dict.fromkeys(f"{row['service']} {_longest(row):g} of {number(row, 'grace'):g} s" for row in drained)
    problems = (problem for row in found for problem in (*_own(row), *_behind(row, longest)))
    return held(problems, f"open work has, within the grace: {', '.join(said)}")


def _longest(row: Row) -> float:
    return max((number(each, "seconds") or 0.0 for each in rows_in(row, "drains")), default=0.0)


def _own(row: Row) -> Iterator[str]:
    grace = number(row, "grace") or 0.0
    for each in rows_in(row, "drains"):
        if (number(each, "seconds") or 0.0) >= grace:
            where = f"{row['service']} in {row['environment']}"
            yield f"{where} is killed after {grace:g} s, and {each['what']} may take {number(each, 'seconds'):g} s"


def _behind(row: Row, longest: dict[tuple[str, str], float]) -> Iterator[str]:
    """Who waits for others is stopped before them: requests that it has passed on must be answered until then."""
    grace = number(row, "grace") or 0.0
    for name in texts(row, "proxied"):
        if (takes := longest.get((text(row, "environment"), name), 0.0)) >= grace:
            where = f"{row['service']} in {row['environment']}"
            yield f"{where} is killed after {grace:g} s, and {name} behind it may take {takes:g} s for a request"


CLAIM = Claim(
    id="SP107-grace-in-order",
    group="source",
    says="Whatever finishes open work when it is stopped has less time for it than it has until it is killed.",
    measure=_measure,
    judge=_judge,
)
