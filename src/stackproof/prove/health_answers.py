"""SP303: every HTTP health check is answered 200 by the application itself, and by that path alone."""

import hashlib
from collections.abc import Callable, Iterator
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Completed, Running
from stackproof.model.stack import Bounds, Health, Service
from stackproof.prove import from_inside, present
from stackproof.prove.verdicts import Row, held, rows, text, unmeasured
from stackproof.tools.http import Answer, request

_INSIDE = "inside its container"
_NONSENSE = "/stackproof-asks-for-a-path-that-is-not-there"


def _measure(bench: Bench, ask: Callable[[str, str], Answer] = request) -> Measurement:
    running = bench.running()
    checked = tuple(
        (service, service.health)
        for service in present.services(running)
        if service.health is not None and service.health.kind == "http"
    )
    if not checked:
        raise Unmeasurable("No service of the stack has an HTTP health check.", fix="There is nothing to ask.")
    raw: list[Completed] = []
    answers: list[Json] = [_service(running, service, health, ask, raw) for service, health in checked]
    return Measurement(
        f"{len(answers)} health paths",
        "GET without following redirects, from outside where the port is published and from inside elsewhere, and once "
        "more for a path that is not there",
        {"answers": answers},
        tuple(raw),
    )


def _service(
    running: Running, service: Service, health: Health, ask: Callable[[str, str], Answer], raw: list[Completed]
) -> dict[str, Json]:
    if service.publish:
        way = running.address(service.name)
        real, nonsense = (_outside(ask("GET", way + path)) for path in (health.target, _NONSENSE))
    else:
        way = _INSIDE
        real, nonsense = _inside(running, service.name, health, raw)
    return {"service": service.name, "path": health.target, "way": way, "real": real, "nonsense": nonsense}


def _outside(answer: Answer) -> dict[str, Json]:
    location = next((value for name, value in answer.headers.items() if name.lower() == "location"), "")
    body = hashlib.sha256(answer.body).hexdigest()
    return {"status": answer.status, "location": location, "body": body, "problem": answer.problem}


def _inside(running: Running, name: str, health: Health, raw: list[Completed]) -> list[dict[str, Json]]:
    found, done = from_inside.look(running, name, "http_answer", health.port, [health.target, _NONSENSE])
    raw.append(done)
    return cast(list[dict[str, Json]], found["answers"])


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    answers = rows(measurement, "answers")
    if silent := [f"{row['service']} ({_real(row)['problem']})" for row in answers if _not_asked(row)]:
        return unmeasured(f"could not be asked from inside: {', '.join(silent)}", "200")
    asked = ", ".join(f"{row['service']} {row['path']}" for row in answers)
    problems = (problem for row in answers for problem in _problems(row))
    return held(problems, f"200 from {asked}, and no such answer for a path that is not there", "200")


def _not_asked(row: Row) -> bool:
    """On plain processes a service that is not published listens on a port that only the runtime knows."""
    return row["way"] == _INSIDE and _real(row)["status"] == 0


def _real(row: Row) -> Row:
    return cast(Row, row["real"])


def _problems(row: Row) -> Iterator[str]:
    real, nonsense = _real(row), cast(Row, row["nonsense"])
    where, status = f"{row['service']}: {row['path']}", real["status"]
    if status == 0:
        yield f"{where} is not answered ({real['problem']})"
    elif isinstance(status, int) and 300 <= status < 400:
        yield f"{where} is answered {status}, a redirect to {text(real, 'location') or 'nowhere'}"
    elif status != 200:
        yield f"{where} is answered {status}"
    elif nonsense["status"] == 200 and nonsense["body"] == real["body"]:
        yield f"{where} is answered 200, and so is {_NONSENSE}, with the same words: a catch-all answer proves nothing"


CLAIM = Claim(
    id="SP303-health-answers",
    group="running",
    says="Every HTTP health check is answered 200, without a redirect, and other paths are not.",
    measure=_measure,
    judge=_judge,
)
