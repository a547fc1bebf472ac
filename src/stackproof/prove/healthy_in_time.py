"""SP301: every service is healthy within the time that the stack states."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Event, Running
from stackproof.model.stack import Bounds, Service
from stackproof.prove import present
from stackproof.prove.verdicts import Late, Row, held, number, rows, rows_in, text


def _measure(bench: Bench) -> Measurement:
    """The clock starts with the first service: making an environment or an image comes before, and is a build."""
    running = bench.running()
    events = running.events()
    begun = min((event.at for event in events), default=0.0)
    counted = tuple(replace(event, at=event.at - begun) for event in events)
    observed: list[Json] = [_service(service, running, counted) for service in _checked(running)]
    firsts = {service.name: first(counted, service.name, "healthy") for service in _checked(running)}
    reached = [(at, name) for name, at in firsts.items() if at is not None]
    return Measurement(
        "{:.1f} s ({} last)".format(*max(reached)) if reached else "nothing became healthy",
        "the time line of the runtime's own events, counted from the creation of the first service",
        {"services": observed, "before": begun},
    )


def _checked(running: Running) -> tuple[Service, ...]:
    """All but exporters: their images hold no program that could ask them, and Prometheus does (SP321)."""
    return tuple(each for each in present.services(running) if each.health or each.role != "observe")


def _service(service: Service, running: Running, events: tuple[Event, ...]) -> dict[str, Json]:
    states = [state for state in running.states() if state.name == service.name]
    return {
        "name": service.name,
        "checked": service.health is not None,
        "status": _worst([state.status for state in states], "running", "absent"),
        "health": _worst([state.health for state in states], "healthy", "none"),
        "started": first(events, service.name, "started"),
        "healthy": first(events, service.name, "healthy"),
        "waited_for": [
            {"service": need.service, "condition": need.condition, "until": first(events, need.service, need.condition)}
            for need in service.needs
        ],
    }


def _worst(found: Sequence[str], good: str, none: str) -> str:
    """Of the replicas' words the first that is not the good one."""
    return next((each for each in found if each != good), good) if found else none


def first(events: tuple[Event, ...], service: str, what: str) -> float | None:
    """When it happened to the service for the first time; a completed service is one that exited.

    Of several replicas: started is the service with the first, and anything else with the last.
    """
    named = "exited" if what == "completed" else what
    found: dict[int, float] = {}
    for event in events:
        if event.service == service and event.what == named:
            found.setdefault(event.replica, event.at)
    return (min if what == "started" else max)(found.values(), default=None)


def _judge(measurement: Measurement, bounds: Bounds) -> Judgement:
    services = rows(measurement, "services")
    problems = [problem for row in services for problem in _problems(row, bounds.ready_seconds)]
    waits = [_waits(row) for row in services if rows_in(row, "waited_for")]
    because = f"{len(services)} services healthy; the last after {measurement.figure}. {'; '.join(waits)}".strip()
    return held(problems, because, f"{bounds.ready_seconds:g} s", timed=True)


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
        yield Late(f"{name} was healthy only after {at:.1f} s")


def _waits(row: Row) -> str:
    waits = (f"{text(need, 'service')} ({_at(need)})" for need in rows_in(row, "waited_for"))
    return f"{text(row, 'name')} waited for {', '.join(waits)}"


def _at(need: Row) -> str:
    at = number(need, "until")
    return "no event" if at is None else f"{at:.1f} s"


CLAIM = Claim(
    id="SP301-healthy-in-time",
    group="running",
    says="Every service has a health check, and all are healthy within `ready_seconds` of the start of the first.",
    measure=_measure,
    judge=_judge,
)
