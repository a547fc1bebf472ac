"""SP301: from `up` on, every service is healthy within the time that the stack states."""

from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Event, Running
from stackproof.model.stack import Bounds, Service
from stackproof.prove import present
from stackproof.prove.verdicts import Row, held, number, rows, rows_in, text


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    events = running.events()
    observed: list[Json] = [_service(service, running, events) for service in present.services(running)]
    measurement = Measurement(
        "", "the time line of the runtime's own events, counted from `up`", {"services": observed}
    )
    return Measurement(_figure(rows(measurement, "services")), measurement.how, measurement.observed)


def _service(service: Service, running: Running, events: tuple[Event, ...]) -> dict[str, Json]:
    state = next((state for state in running.states() if state.name == service.name), None)
    return {
        "name": service.name,
        "checked": service.health is not None,
        "status": state.status if state else "absent",
        "health": state.health if state else "none",
        "started": first(events, service.name, "started"),
        "healthy": first(events, service.name, "healthy"),
        "waited_for": [
            {"service": need.service, "condition": need.condition, "until": first(events, need.service, need.condition)}
            for need in service.needs
        ],
    }


def first(events: tuple[Event, ...], service: str, what: str) -> float | None:
    """When it happened to the service for the first time; a completed service is one that exited."""
    named = "exited" if what == "completed" else what
    return next((event.at for event in events if event.service == service and event.what == named), None)


def _figure(services: tuple[Row, ...]) -> str:
    reached = [(at, text(row, "name")) for row in services if (at := number(row, "healthy")) is not None]
    return "{:.1f} s ({} last)".format(*max(reached)) if reached else "nothing became healthy"


def _judge(measurement: Measurement, bounds: Bounds) -> Judgement:
    services = rows(measurement, "services")
    problems = [problem for row in services for problem in _problems(row, bounds.ready_seconds)]
    waits = [_waits(row) for row in services if rows_in(row, "waited_for")]
    because = f"{len(services)} services healthy; the last after {measurement.figure}. {'; '.join(waits)}".strip()
    return held(problems, because, f"{bounds.ready_seconds:g} s")


def _problems(row: Row, limit: float) -> Iterator[str]:
    name, at = text(row, "name"), number(row, "healthy")
    if row["status"] == "absent":
        yield f"{name} is in the stack and was never started"
    elif not row["checked"]:
        yield f"{name} has no health check: nobody can tell when it is ready"
    elif row["health"] != "healthy":
        yield f"{name} is {row['status']} and {row['health']}"
    elif at is None:
        yield f"{name} is healthy, but no event says since when"
    elif at > limit:
        yield f"{name} was healthy only after {at:.1f} s"


def _waits(row: Row) -> str:
    waits = (f"{text(need, 'service')} ({_at(need)})" for need in rows_in(row, "waited_for"))
    return f"{text(row, 'name')} waited for {', '.join(waits)}"


def _at(need: Row) -> str:
    at = number(need, "until")
    return "no event" if at is None else f"{at:.1f} s"


CLAIM = Claim(
    id="SP301-healthy-in-time",
    group="running",
    says="Every service has a health check and is healthy within `ready_seconds` of `up`.",
    measure=_measure,
    judge=_judge,
)
