"""SP306: from outside, exactly the published ports open, and a store never does."""

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import present
from stackproof.prove.verdicts import Row, held, rows, unmeasured


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    up = present.services(running)
    roles = {service.name: service.role for service in up}
    attempts = running.attempts()
    tried: list[Json] = [
        {
            "service": attempt.service,
            "role": roles.get(attempt.service, ""),
            "port": attempt.port,
            "way": attempt.way,
            "opened": attempt.opened,
            "intended": attempt.intended,
        }
        for attempt in attempts
    ]
    listening: list[Json] = [
        {"service": service.name, "port": service.port, "published": service.publish is not None}
        for service in up
        if service.port is not None
    ]
    opened = sum(attempt.opened for attempt in attempts)
    return Measurement(
        f"{opened} of {len(tried)} connections opened",
        "a connection to every listening port of every service, over every way that leads there from outside",
        {"attempts": tried, "listening": listening},
    )


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    attempts, listening = rows(measurement, "attempts"), rows(measurement, "listening")
    if problems := [problem for attempt in attempts if (problem := _problem(attempt))]:
        return held(problems, "")
    if missing := [problem for service in listening if (problem := _missing(service, attempts))]:
        return unmeasured("; ".join(missing))
    closed = sum(1 for attempt in attempts if not attempt["opened"])
    return held((), f"the published ports open, and {closed} other ways stay closed")


def _problem(attempt: Row) -> str:
    which = f"{attempt['service']}:{attempt['port']} over {attempt['way']}"
    if attempt["opened"] and attempt["role"] == "store":
        return f"{which} opened: a store can be reached from outside"
    if attempt["opened"] and not attempt["intended"]:
        return f"{which} opened, and nobody means it to"
    if attempt["intended"] and not attempt["opened"]:
        return f"{which} did not open, although it is published"
    return ""


def _missing(service: Row, attempts: tuple[Row, ...]) -> str:
    own = [attempt for attempt in attempts if attempt["service"] == service["service"]]
    if not own:
        return f"no connection to {service['service']}:{service['port']} was tried"
    if service["published"] and not any(attempt["intended"] for attempt in own):
        return f"the published way to {service['service']}:{service['port']} was not tried"
    return ""


CLAIM = Claim(
    id="SP306-ports",
    group="running",
    says="From outside only the published ports open; stores cannot be reached.",
    measure=_measure,
    judge=_judge,
    company="looks",
)
