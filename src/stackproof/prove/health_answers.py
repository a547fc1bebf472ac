"""SP303: every HTTP health check is answered 200 by the application itself, and by that path alone."""

import hashlib
from collections.abc import Callable, Iterator
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Completed, Running
from stackproof.model.stack import Bounds, Health, Service
from stackproof.prove import from_inside, present
from stackproof.prove.verdicts import Row, held, rows, text
from stackproof.tools.http import Answer, request

_INSIDE = "inside"
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
    answers: list[Json] = [row for service, health in checked for row in _ways(running, service, health, ask, raw)]
    return Measurement(
        f"{len(checked)} health paths",
        "GET without following redirects, beside the service and from outside where a client can ask (the published "
        "port, the proxy), and once more for a path that is not there",
        {"answers": answers},
        tuple(raw),
    )


def _ways(
    running: Running, service: Service, health: Health, ask: Callable[[str, str], Answer], raw: list[Completed]
) -> Iterator[dict[str, Json]]:
    """Where the runtime asks; and as a client does: over the published port, or through the proxy."""
    found, done = from_inside.beside(running, service.name, health.port, "http_answer", [health.target, _NONSENSE])
    raw.append(done)
    real, nonsense = cast(list[dict[str, Json]], found["answers"])
    yield {"service": service.name, "path": health.target, "way": _INSIDE, "real": real, "nonsense": nonsense}
    if way := _way_in(running, service, health):
        outside, strange = (_outside(ask("GET", way + path)) for path in (health.target, _NONSENSE))
        yield {"service": service.name, "path": health.target, "way": way, "real": outside, "nonsense": strange}


def _way_in(running: Running, service: Service, health: Health) -> str:
    """ "" where no client can ask."""
    proxy = running.stack.proxy
    through = proxy and (proxy.health_service, proxy.health) == (service.name, health.target)
    published = service.publish and (service.publish.target or service.port) == health.port
    return running.address(service.name) if through or published else ""


def _outside(answer: Answer) -> dict[str, Json]:
    location = next((value for name, value in answer.headers.items() if name.lower() == "location"), "")
    body = hashlib.sha256(answer.body).hexdigest()
    return {"status": answer.status, "location": location, "body": body, "problem": answer.problem}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    answers = rows(measurement, "answers")
    asked = ", ".join(dict.fromkeys(f"{row['service']} {row['path']}" for row in answers))
    problems = (problem for row in answers for problem in _problems(row))
    return held(problems, f"200 from {asked}, and no such answer for a path that is not there", "200")


def _real(row: Row) -> Row:
    return cast(Row, row["real"])


def _problems(row: Row) -> Iterator[str]:
    real, nonsense = _real(row), cast(Row, row["nonsense"])
    where, status = f"{row['service']}: {row['path']} ({row['way']})", real["status"]
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
    company="looks",
)
