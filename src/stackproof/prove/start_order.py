"""SP302: no service starts before what it needs is in the condition that it asks for."""

from collections.abc import Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Event, Running
from stackproof.model.stack import Bounds, Service
from stackproof.prove import present
from stackproof.prove.healthy_in_time import first
from stackproof.prove.verdicts import Row, number, proved, refuted, rows, text, texts, unmeasured

_WATCHING = ("observe", "monitor")  # what is sent to them may be lost: nobody waits for them


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    events = running.events()
    needs: list[Json] = [
        need for service in present.services(running) for need in _needs(service, running.stack.services, events)
    ]
    return Measurement(
        f"{len(needs)} needs",
        "for every need: when the dependent's first process started, and when its dependency reached the condition",
        {"needs": needs, "absent": list(_absent(running)), "unasked": list(_unasked(running))},
    )


def _needs(service: Service, others: tuple[Service, ...], events: tuple[Event, ...]) -> Iterator[dict[str, Json]]:
    for need in service.needs:
        yield {
            "service": service.name,
            "needs": need.service,
            "condition": need.condition,
            "started": first(events, service.name, "started"),
            "reached": first(events, need.service, need.condition),
            "said_by": "the stack",
        }
    known = {other.name for other in others if other.role not in _WATCHING}
    for name, said_by in present.talks_to(service).items():
        if name in known and not service.waits_for(name) and name != service.name:
            yield {"service": service.name, "needs": name, "condition": "", "said_by": said_by}


def _absent(running: Running) -> Iterator[str]:
    there = {state.name for state in running.states()}
    yield from (service.name for service in running.stack.active() if service.name not in there)


def _unasked(running: Running) -> Iterator[str]:
    known = {service.name for service in running.stack.services}
    yield from (state.name for state in running.states() if state.name not in known)


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    needs = rows(measurement, "needs")
    if problems := [*_strangers(measurement.observed), *(problem for need in needs if (problem := _problem(need)))]:
        return refuted("; ".join(problems))
    if not needs:
        return unmeasured("no service needs another one: there is no order to respect")
    if silent := [silence for need in needs if (silence := _silence(need))]:
        return unmeasured("; ".join(silent))
    return proved("; ".join(_respected(need) for need in needs))


def _strangers(observed: Row) -> Iterator[str]:
    yield from (f"{name} is in the stack and does not run" for name in texts(observed, "absent"))
    yield from (f"{name} runs and is not in the stack" for name in texts(observed, "unasked"))


def _problem(need: Row) -> str:
    service, other = text(need, "service"), text(need, "needs")
    if not need["condition"]:
        return f"{service} talks to {other} ({need['said_by']}), but does not wait for it"
    started, reached = number(need, "started"), number(need, "reached")
    if started is None or reached is None or started >= reached:
        return ""
    return f"{service} started {reached - started:.2f} s before {other} was {need['condition']}"


def _silence(need: Row) -> str:
    if number(need, "started") is None:
        return f"the runtime has no event that says when {need['service']} started"
    if number(need, "reached") is None:
        return f"the runtime has no event that says when {need['needs']} was {need['condition']}"
    return ""


def _respected(need: Row) -> str:
    later = (number(need, "started") or 0.0) - (number(need, "reached") or 0.0)
    return f"{need['service']} started {later:.2f} s after {need['needs']} was {need['condition']}"


CLAIM = Claim(
    id="SP302-start-order",
    group="running",
    says="Every service starts only when what it needs is ready.",
    measure=_measure,
    judge=_judge,
)
