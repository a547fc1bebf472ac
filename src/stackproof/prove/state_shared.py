"""SP319: what one process wrote, every process of every replica reads, also after all of them were restarted."""

from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Shared, Stack
from stackproof.prove import asking, written
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Row, held, rows, rows_in, text, texts
from stackproof.tools.http import request

_TIMES = 40  # reads of each way; with fresh connections, every worker process gets some
_BACK_WITHIN = 90.0


def applies(stack: Stack) -> bool:
    return bool(stack.shared)


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running = bench.running()
    seen: list[Json] = [_one(bench, running, written.there(running, shared), ask) for shared in running.stack.shared]
    return Measurement(
        f"{len(seen)} written",
        f"written once, then read {_TIMES} times through the entrance and as often of each replica, every time over a "
        "fresh connection; each replica stopped and started; and read again",
        {"written": seen},
    )


def _one(bench: Bench, running: Running, shared: Shared, ask: Ask) -> dict[str, Json]:
    found = written.write(bench, running, shared, ask)
    said: dict[str, Json] = {"path": shared.path, "service": shared.service, "refusal": found.refusal, "lame": ""}
    if found.refusal:
        return {**said, "before": [], "after": []}
    before: list[Json] = [*written.reads(bench, running, shared, found.path, _TIMES, ask)]
    lame = _restarted(running, shared.service)
    after: list[Json] = [] if lame else [*written.reads(bench, running, shared, found.path, _TIMES, ask)]
    return {**said, "lame": lame, "before": before, "after": after}


def _restarted(running: Running, service: str) -> str:
    """Each replica in turn. Why it is not up again, "" where it is."""
    for number in asking.replicas(running, service):
        running.stop(service, number)
        running.start(service, number)
    health = running.stack.service(service).health
    if health and running.wait_for(service, "healthy", _BACK_WITHIN) is None:
        return f"{service} was not healthy within {_BACK_WITHIN:g} s after its restart"
    return ""


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    seen = rows(measurement, "written")
    ways = sum(len(rows_in(row, "before")) for row in seen)
    what = ", ".join(f"{row['path']} of {row['service']}" for row in seen)
    return held(
        (problem for row in seen for problem in _problems(row)),
        f"{what}: read alike {_TIMES} times each over {ways} ways, and again after a restart of every replica",
        f"{_TIMES} of {_TIMES}",
    )


def _problems(row: Row) -> Iterator[str]:
    if row["refusal"] or row["lame"]:
        yield text(row, "refusal") or text(row, "lame")
        return
    first = next((bodies[0] for each in rows_in(row, "before") if (bodies := texts(each, "bodies"))), "")
    for when, key in (("", "before"), (" after a restart", "after")):
        for read in rows_in(row, key):
            yield from _of_read(f"{row['path']} of {row['service']}", when, read, first)


def _of_read(what: str, when: str, read: Row, first: str) -> Iterator[str]:
    if read["good"] != read["times"]:
        others = ", ".join(texts(read, "others"))
        yield f"{what}: {read['way']} has it {read['good']} of {read['times']} times{when} (else {others})"
    elif texts(read, "bodies") != (first,):
        yield f"{what}: {read['way']} tells it in another way{when} than it was told first"


CLAIM = Claim(
    id="SP319-state-shared",
    group="running",
    says="What one process wrote, every process and replica reads alike, also after a restart.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)
