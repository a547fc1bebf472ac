"""SP326: the broker keeps what is queued: it evicts nothing, and a kill takes nothing from it."""

from collections.abc import Iterator
from typing import cast

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running, ServiceState
from stackproof.model.stack import Bounds, Service, Stack
from stackproof.prove import from_inside, present, redis_refuses
from stackproof.prove.verdicts import held, number, text, unmeasured

_QUEUE = "stackproof-broker-keeps"  # a list, as Celery's queues are: nobody consumes it
_MESSAGE = "queued before the broker was killed"
_WRITTEN = 2.0  # seconds: the log is written out each second
_BACK_WITHIN = 60.0
_HOW = (
    "the policy that the server states; a message pushed to a queue, two seconds later SIGKILL to the server, and the "
    "queue read again when it is back"
)


def applies(stack: Stack) -> bool:
    return stack.celery is not None and any(_is_broker(stack, service) for service in stack.services)


def _is_broker(stack: Stack, service: Service) -> bool:
    return service.software == "redis" and stack.celery is not None and service.name == stack.celery.broker


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    store = next((each for each in present.services(running) if _is_broker(running.stack, each)), None)
    if store is None:
        raise Unmeasurable("The broker does not run here, or is no Redis of the stack.", fix="See `stackproof plan`.")
    policy, pushed = _said(bench, store, ["CONFIG", "GET", "maxmemory-policy"], ["RPUSH", _QUEUE, _MESSAGE])
    running.pause(_WRITTEN)
    before, begun = _state(running, store), running.now()
    running.kill(store.name)
    back = _back(running, before, begun)
    kept = _said(bench, store, ["LRANGE", _QUEUE, "0", "-1"], ["DEL", _QUEUE])[0] if back is not None else ""
    return Measurement(
        "gone for good" if back is None else f"back after {back:.1f} s",
        _HOW,
        {"broker": store.name, "policy": policy, "pushed": pushed, "back": back, "kept": kept, "message": _MESSAGE},
    )


def _said(bench: Bench, store: Service, *commands: list[str]) -> list[str]:
    running = bench.running()
    member, host, port = present.neighbour(running, store.name)
    login = ["AUTH", "default", redis_refuses.password(bench, store)]
    conversation = cast(Json, [[login, *commands]])
    found, _ = from_inside.look(running, member.name, "redis_says", host, port, store.port, conversation)
    return cast(list[list[str]], found["replies"])[0][1:]


def _state(running: Running, store: Service) -> ServiceState:
    return next(state for state in running.states() if state.name == store.name)


def _back(running: Running, before: ServiceState, begun: float) -> float | None:
    """Seconds until another process of it is healthy."""
    while running.now() - begun < _BACK_WITHIN:
        now = next(state for state in running.states() if state.name == before.name)
        if now.status == "running" and (now.pid, now.restarts) != (before.pid, before.restarts):
            waited = running.wait_for(before.name, "healthy", _BACK_WITHIN)
            return None if waited is None else running.now() - begun
        running.pause(0.1)
    return None


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = measurement.observed
    broker, policy = text(found, "broker"), text(found, "policy").split()
    if not text(found, "pushed").isdigit() or policy[:1] != ["maxmemory-policy"]:
        return unmeasured(f"{broker} does not answer: {text(found, 'policy')}, {text(found, 'pushed')}")
    return held(_problems(broker, policy[-1], measurement), f"{broker}: {policy[-1]}; back {_after(measurement)}")


def _after(measurement: Measurement) -> str:
    return f"{number(measurement.observed, 'back') or 0.0:.1f} s after SIGKILL with what was queued"


def _problems(broker: str, policy: str, measurement: Measurement) -> Iterator[str]:
    found = measurement.observed
    if policy != "noeviction":
        yield f"{broker} may throw queued tasks away: its maxmemory-policy is {policy}"
    if number(found, "back") is None:
        yield f"{broker} did not come back within {_BACK_WITHIN:g} s after SIGKILL"
    elif text(found, "message") not in text(found, "kept"):
        yield f"what was queued in {broker} is gone after SIGKILL"


CLAIM = Claim(
    id="SP326-broker-keeps",
    group="running",
    says="The broker evicts nothing, and what is queued there is still there after it was killed.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)
