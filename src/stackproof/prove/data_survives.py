"""SP323: what was stored is there after the whole stack was taken down and brought up again."""

import hashlib
from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Stack
from stackproof.prove import asking, entrance, present, written
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Row, held, rows, text, texts
from stackproof.prove.written import Written
from stackproof.tools.http import Answer, request


def applies(stack: Stack) -> bool:
    """Something must say how it is written and read, and something must keep it."""
    return bool(stack.volumes) and written.can(stack)


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running = bench.running()
    made = written.everything(bench, running, ask)
    before = [_told(bench, running, each, ask) for each in made]
    again = bench.again() if not any(each.refusal for each in made) else running
    entrance.wait_open(again, ask)
    seen: list[Json] = [
        {"what": each.what, "path": each.path, "refusal": each.refusal, "before": first,
         "after": _told(bench, again, each, ask)}
        for each, first in zip(made, before, strict=True)
    ]  # fmt: skip
    return Measurement(
        f"{len(seen)} kept",
        "written through the application; every container removed, with all that is in it but not its volumes, and the "
        "stack brought up anew; then read again",
        {"kept": seen, "volumes": [*_volumes(again)]},
    )


def _volumes(running: Running) -> dict[str, None]:
    """Of what the application talks to, and of itself."""
    roles = ("store", "web", "worker")
    mounts = (each for one in present.services(running) if one.role in roles for each in one.mounts)
    return dict.fromkeys(each.volume for each in mounts if each.volume)


def _told(bench: Bench, running: Running, made: Written, ask: Ask) -> str:
    """A hash of the contents, or what was answered instead."""
    if made.refusal:
        return ""
    asked = asking.known(bench, ask, made.headers)
    return _hash(asked("GET", running.address(made.service) + made.path))


def _hash(answer: Answer) -> str:
    if answer.status != 200:
        return f"answered {answer.status} {answer.problem}".strip()
    return hashlib.sha256(answer.body).hexdigest()


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    kept = rows(measurement, "kept")
    what = " and ".join(text(row, "what") for row in kept)
    volumes = ", ".join(texts(measurement.observed, "volumes"))
    return held(
        (problem for row in kept for problem in _problems(row)), f"{what}: the same afterwards (volumes: {volumes})"
    )


def _problems(row: Row) -> Iterator[str]:
    before, after = text(row, "before"), text(row, "after")
    if row["refusal"]:
        yield text(row, "refusal")
    elif before.startswith("answered"):
        yield f"{row['what']} could not be read before anything was taken down: {before}"
    elif after.startswith("answered"):
        yield f"{row['what']} is gone after the stack was taken down and brought up: GET {row['path']} is {after}"
    elif before and before != after:
        yield f"{row['what']} is another one after the stack was taken down and brought up"


CLAIM = Claim(
    id="SP323-data-survives",
    group="running",
    says="What was stored is there after the stack was taken down and brought up again.",
    measure=_measure,
    judge=_judge,
    long="a second start",
    applies=applies,
)
