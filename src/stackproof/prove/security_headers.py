"""SP313: every answer of the proxy carries the security headers, each once: errors do, too."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds
from stackproof.prove import entrance
from stackproof.prove.entrance import HEADERS, Entrance
from stackproof.prove.transactions import Ask
from stackproof.prove.verdicts import Row, held, row_in, rows, unmeasured
from stackproof.tools.http import Answer

_ERROR_WITHIN = 30.0  # seconds: an address that is gone is tried for a while
_BACK_WITHIN = 90.0


def _measure(bench: Bench, ask: Ask = entrance.patiently) -> Measurement:
    running = bench.running()
    here = entrance.of(running)
    answers: list[Json] = [_row(what, answer) for what, answer in _answers(here, ask)]
    answers.append(_row(*_without_back_end(running, here, ask)))
    return Measurement(
        f"{len(answers)} answers",
        "GET of each route, of a path below it that no application has, and of the health path; a body that is too "
        "large and a bad Host, which nginx refuses by itself; and a route whose service is stopped; headers counted",
        {"answers": answers, "wanted": [*HEADERS]},
    )


def _answers(here: Entrance, ask: Ask) -> Iterator[tuple[str, Answer]]:
    yield f"GET {here.proxy.health}", ask("GET", f"{here.https}{here.proxy.health}")
    for route in here.proxy.routes:
        for path in (route.prefix, entrance.unknown(route)):
            yield f"GET {path}", ask("GET", f"{here.https}{path}")
        large = {"Content-Length": str((here.proxy.body_mb + 1) << 20)}
        too_large = f"POST {route.prefix} with {here.proxy.body_mb + 1} MB"
        yield too_large, ask("POST", f"{here.https}{route.prefix}", headers=large)
    yield "GET / with a bad Host", ask("GET", f"{here.https}/", headers={"Host": "a b"})


def _without_back_end(running: Running, here: Entrance, ask: Ask) -> tuple[str, Answer]:
    """What the proxy answers while the service of a route is stopped."""
    route = next((one for one in here.proxy.routes if not one.cached), here.proxy.routes[0])
    replicas = [state.replica for state in running.states() if state.name == route.service]
    path = entrance.unknown(route)
    try:
        with ThreadPoolExecutor(len(replicas)) as beside:
            list(beside.map(lambda one: running.stop(route.service, one), replicas))
        return f"GET {path} without {route.service}", _failing(running, f"{here.https}{path}", ask)
    finally:
        for one in replicas:
            running.start(route.service, one)
        running.wait_for(route.service, "healthy", _BACK_WITHIN)
        entrance.wait_open(running, ask)


def _failing(running: Running, url: str, ask: Ask) -> Answer:
    begun = running.now()
    while True:
        answer = ask("GET", url)
        if answer.status >= 500 or running.now() - begun > _ERROR_WITHIN:
            return answer
        running.pause(0.2)


def _row(what: str, answer: Answer) -> dict[str, Json]:
    counted: dict[str, Json] = {name: sum(key.lower() == name.lower() for key, _ in answer.every) for name in HEADERS}
    return {"what": what, "status": answer.status, "problem": answer.problem, "headers": counted}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    answers = rows(measurement, "answers")
    if problems := [problem for row in answers if row["status"] for problem in _problems(row)]:
        return held(problems, "", "each once")
    if silent := [f"{row['what']} ({row['problem']})" for row in answers if not row["status"]]:
        return unmeasured(f"no answer came for {', '.join(silent)}", "each once")
    statuses = ", ".join(str(status) for status in sorted({int(str(row["status"])) for row in answers}))
    return held((), f"{len(answers)} answers ({statuses}) carry {', '.join(HEADERS)}", "each once")


def _problems(row: Row) -> Iterator[str]:
    counted = row_in(row, "headers") or {}
    said = f"{row['what']}, answered {row['status']},"
    if missing := [name for name, times in counted.items() if not times]:
        yield f"{said} has no {', '.join(missing)}"
    if twice := [name for name, times in counted.items() if int(str(times)) > 1]:
        yield f"{said} has {', '.join(twice)} more than once"


CLAIM = Claim(
    id="SP313-security-headers",
    group="running",
    says="Every answer of the proxy carries the security headers, each once, and errors do, too.",
    measure=_measure,
    judge=_judge,
    applies=entrance.has_proxy,
)
