"""SP319: what was written once, every process of every replica reads, also after all of them were restarted."""

from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds
from stackproof.prove import asking, entrance, written
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Row, held, rows, rows_in, text, texts
from stackproof.prove.written import Written
from stackproof.tools.http import request

_TIMES = 40  # reads of each way; with fresh connections, every worker process gets some
_BACK_WITHIN = 120.0


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running = bench.running()
    made = written.everything(bench, running, ask)
    before = [_reads(bench, running, each, ask) for each in made]
    lame = [word for name in dict.fromkeys(each.service for each in made) if (word := _restarted(running, name))]
    entrance.wait_open(running, ask)
    after: list[list[Json]] = [[] if lame else _reads(bench, running, each, ask) for each in made]
    seen: list[Json] = [
        {"what": each.what, "refusal": each.refusal, "before": first, "after": then}
        for each, first, then in zip(made, before, after, strict=True)
    ]
    return Measurement(
        f"{len(seen)} written",
        f"written once, then read {_TIMES} times through the entrance and as often of each replica, every time over a "
        "fresh connection; each replica stopped and started; and read again",
        {"written": seen, "lame": [*lame]},
    )


def _reads(bench: Bench, running: Running, made: Written, ask: Ask) -> list[Json]:
    return [] if made.refusal else [*written.reads(bench, running, made, _TIMES, ask)]


def _restarted(running: Running, service: str) -> str:
    """Each replica in turn, as a deployment would. Why it is not up again, "" where it is."""
    health = running.stack.service(service).health
    for number in asking.replicas(running, service):
        running.stop(service, number)
        running.start(service, number)
        if health and running.wait_for(service, "healthy", _BACK_WITHIN) is None:
            return f"{service} was not healthy within {_BACK_WITHIN:g} s after its restart"
    return ""


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    seen = rows(measurement, "written")
    ways = max((len(rows_in(row, "before")) for row in seen), default=0)
    what = " and ".join(text(row, "what") for row in seen)
    return held(
        (*texts(measurement.observed, "lame"), *(problem for row in seen for problem in _problems(row))),
        f"{what}: read alike {_TIMES} times each over {ways} ways, and again after a restart of every replica",
        f"{_TIMES} of {_TIMES}",
    )


def _problems(row: Row) -> Iterator[str]:
    if row["refusal"]:
        yield text(row, "refusal")
        return
    first = next((bodies[0] for each in rows_in(row, "before") if (bodies := texts(each, "bodies"))), "")
    for when, key in (("", "before"), (" after a restart", "after")):
        for read in rows_in(row, key):
            yield from _of_read(text(row, "what"), when, read, first)


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
    applies=written.can,
)
