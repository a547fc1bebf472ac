"""SP411: a worker process of a web server that hangs is replaced, while the service stays up."""

from functools import partial

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds
from stackproof.prove import outage
from stackproof.prove.faults import hung_child
from stackproof.prove.verdicts import held, number, rows

_WITHIN = hung_child.FAULT.seconds
_LOOK = 0.5
_LIMIT = f"{_WITHIN:g} s"


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    seen = [_replaced(running, each.name) for each in outage.concerned(running, hung_child.FAULT)]
    return Measurement(
        f"{len(seen)} services",
        "SIGSTOP to one child of the main process, then until that child is no longer there and the service is healthy",
        {"rows": list[Json](seen)},
    )


def _replaced(running: Running, service: str) -> dict[str, Json]:
    begun = running.now()
    with running.frozen_child(service) as still_there:
        while (there := still_there()) and running.now() - begun < _WITHIN:
            running.pause(_LOOK)
        gone = None if there else running.now() - begun
    healthy = running.wait_for(service, "healthy", _WITHIN) is not None
    return {"service": service, "gone": gone, "healthy": healthy}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    seen = rows(measurement, "rows")
    problems = [
        f"{row['service']} {hung_child.FAULT.did}, and nothing replaced it" for row in seen if row["gone"] is None
    ]
    problems += [f"{row['service']} was not healthy after that" for row in seen if not row["healthy"]]
    said = (f"{row['service']}: replaced after {number(row, 'gone') or 0.0:.1f} s" for row in seen)
    return held(problems, "; ".join(said), _LIMIT)


CLAIM = Claim(
    id="SP411-worker-process-hung",
    group="fault",
    says="A worker process of a web server that hangs is replaced by another one.",
    measure=_measure,
    judge=_judge,
    applies=partial(outage.applies, hung_child.FAULT),
)
