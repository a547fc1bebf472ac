"""SP401: the loss of any dependency turns the right health checks red, and its return turns them green."""

from collections.abc import Iterator

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, HealthState, Running
from stackproof.model.stack import Bounds
from stackproof.prove import from_inside
from stackproof.prove.losses import Loss, Watcher, losses
from stackproof.prove.verdicts import Late, Row, held, number, rows, text, texts


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    planned = tuple(losses(running))
    if not planned:
        raise Unmeasurable("The stack has no store and no database file that could be lost.", fix="Nothing to do.")
    seen: list[Json] = [row for loss in planned for row in _lose(running, loss)]
    unseen: list[Json] = [loss.what for loss in planned if not loss.watchers]
    reds = [red for row in rows(Measurement("", "", {"losses": seen}), "losses") if (red := number(row, "red"))]
    return Measurement(
        f"{max(reds):.1f} s until red" if reds else "nothing turned red",
        "each store stopped and each database file taken away in turn; the runtime's health states meanwhile and after",
        {"losses": seen, "unseen": unseen},
    )


def _lose(running: Running, loss: Loss) -> list[dict[str, Json]]:
    with loss.broken(running):
        begun = running.now()
        found = [_red(running, loss, watcher, begun) for watcher in loss.watchers]
    begun = running.now()
    _back(running, loss, begun)
    return [{**row, **_green(running, watcher, begun)} for row, watcher in zip(found, loss.watchers, strict=True)]


def _red(running: Running, loss: Loss, watcher: Watcher, begun: float) -> dict[str, Json]:
    turned = _seconds(running, watcher.service.name, "unhealthy", begun, watcher.red_within)
    answer = _answer(running, watcher) if watcher.health.kind == "http" else None
    return {
        "loss": loss.what,
        "service": watcher.service.name,
        "red": turned,
        "red_limit": watcher.red_within,
        "asked": answer is not None,
        "status": answer["status"] if answer else 0,
        "words": (answer["problem"] or answer["said"]) if answer else "",
    }


def _answer(running: Running, watcher: Watcher) -> Row:
    """Asked beside the service, as its health check asks: a proxy in front may have words of its own."""
    service, health = watcher.service.name, watcher.health
    return from_inside.ask(running, service, health.port, (health.target,))[0]


def _green(running: Running, watcher: Watcher, begun: float) -> dict[str, Json]:
    limit = watcher.green_within
    return {"green": _seconds(running, watcher.service.name, "healthy", begun, limit), "green_limit": limit}


def _back(running: Running, loss: Loss, begun: float) -> None:
    """The store itself has to be there again before anybody else can be."""
    if loss.store is not None and (health := running.stack.service(loss.store).health):
        _seconds(running, loss.store, "healthy", begun, Watcher(running.stack.service(loss.store), health).green_within)


def _seconds(running: Running, service: str, health: HealthState, begun: float, limit: float) -> float | None:
    """Seconds since `begun`, also where that state was reached while somebody else was waited for."""
    left = max(limit - (running.now() - begun), 0.1)
    reached = running.wait_for(service, health, left)
    return None if reached is None else running.now() - begun


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    seen = rows(measurement, "losses")
    problems = [problem for row in seen for problem in _problems(row)]
    unseen = [f"no health check has to see the loss of {what}" for what in texts(measurement.observed, "unseen")]
    return held([*problems, *unseen], "; ".join(_said(row) for row in seen), _limit(seen))


def _problems(row: Row) -> Iterator[str]:
    service, loss, status = text(row, "service"), text(row, "loss"), row["status"]
    if number(row, "red") is None:
        said = f" ({status}: {row['words']})" if row["asked"] else ""
        yield Late(f"the health of {service} stayed green for {number(row, 'red_limit'):.0f} s without {loss}{said}")
    elif row["asked"] and not (isinstance(status, int) and 500 <= status < 600):
        yield f"without {loss}, {service} answers {status} ({row['words']}) where 503 is expected"
    if number(row, "green") is None:
        limit = number(row, "green_limit")
        yield Late(f"{service} did not turn green within {limit:.0f} s after {loss} came back")


def _said(row: Row) -> str:
    words = f", saying {row['status']} {row['words']}" if row["asked"] else ""
    red, green = number(row, "red") or 0.0, number(row, "green") or 0.0
    return (
        f"without {row['loss']}, {row['service']} is red after {red:.1f} s{words}; green {green:.1f} s after its return"
    )


def _limit(seen: tuple[Row, ...]) -> str:
    red = max((number(row, "red_limit") or 0.0 for row in seen), default=0.0)
    green = max((number(row, "green_limit") or 0.0 for row in seen), default=0.0)
    return f"red within {red:.0f} s, green within {green:.0f} s"


CLAIM = Claim(
    id="SP401-dependency-loss",
    group="fault",
    says="Health checks turn red when a dependency is lost, and green when it returns.",
    measure=_measure,
    judge=_judge,
    company="waits",
)
