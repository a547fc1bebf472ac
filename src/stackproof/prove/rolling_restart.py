"""SP418: replicas behind the proxy are restarted one after the other under load, and no request fails."""

from collections.abc import Iterator

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service, Stack
from stackproof.prove import asking, entrance, load_figures
from stackproof.prove.under_load import Sending
from stackproof.prove.verdicts import Row, held, number, row_in, rows, rows_in, text, unmeasured, whole
from stackproof.tools.open_loop import sending

_BACK_WITHIN = 120.0
_BEFORE = 3.0  # seconds of load on an undisturbed stack
_BELIEVED = 5.0  # seconds for the proxy to hear of a replica that is healthy again, and to believe in it
_LIMIT = "0 failed"


def applies(stack: Stack) -> bool:
    return entrance.has_proxy(stack) and bool(_several(stack))


def _several(stack: Stack) -> tuple[tuple[Service, str], ...]:
    """Services behind the proxy of which one can be away, each with a path that asks it."""
    behind = entrance.behind(stack.proxy) if stack.proxy else ()
    return tuple((stack.service(name), path) for name, path in behind if stack.service(name).replicas > 1)


def _measure(bench: Bench, send: Sending = sending) -> Measurement:
    running = bench.running()
    here = entrance.of(running)
    if not (several := _several(running.stack)):
        raise Unmeasurable("This runtime runs one process of each service.", fix="Prove the stack on docker.")
    rate, urls = running.stack.pace.rate, [f"{here.https}{path}" for _, path in several]
    with send(urls, rate, asking.headers(bench)) as shots:
        begun = running.now()
        running.pause(_BEFORE)
        restarted = [
            _restarted(running, service.name, replica, begun)
            for service, _ in several
            for replica in range(1, service.replicas + 1)
        ]
    paths = [path for _, path in several]
    found = load_figures.figures(shots, load_figures.SERVER_ERROR)
    return Measurement(
        f"{found['errors']} of {found['sent']} failed",
        f"SIGTERM and a new start for each replica in turn, the next one {_BELIEVED:g} s after all are healthy; GET of "
        f"{', '.join(paths)} in turn through the proxy meanwhile, {rate:g} times a second, in an open loop",
        {"rate": rate, "paths": list[Json](paths), "restarted": list[Json](restarted), **found},
    )


def _restarted(running: Running, service: str, replica: int, begun: float) -> dict[str, Json]:
    """`from` and `until`: seconds after the load began."""
    since = running.now() - begun
    running.stop(service, replica)
    running.start(service, replica)
    back = running.wait_for(service, "healthy", _BACK_WITHIN)
    until = running.now() - begun
    running.pause(_BELIEVED)
    return {"service": service, "replica": replica, "back": back, "from": since, "until": until}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = measurement.observed
    if problems := list(_problems(found)):
        return held(problems, "", _LIMIT)
    if not whole(found, "sent"):
        return unmeasured("no request was sent", _LIMIT)
    who = ", ".join(_which(row) for row in rows(measurement, "restarted"))
    return held((), f"{who} restarted under {found['sent']} requests; p99 {text(found, 'p99_ms')} ms", _LIMIT)


def _problems(found: Row) -> Iterator[str]:
    restarted = rows_in(found, "restarted")
    for row in restarted:
        if row["back"] is None:
            yield f"{_which(row)} was not healthy within {_BACK_WITHIN:g} s after its restart"
    if found["errors"]:
        kinds = ", ".join(f"{times} x {kind}" for kind, times in (row_in(found, "kinds") or {}).items())
        yield f"{found['errors']} of {found['sent']} requests failed ({kinds}){_when(found, restarted)}"


def _when(found: Row, restarted: tuple[Row, ...]) -> str:
    """While which replica was away the first one failed; a request may wait for a while before it does."""
    second = next((whole(row, "second") or 0 for row in rows_in(found, "series") if row["errors"]), 0)
    before = [row for row in restarted if (number(row, "from") or 0.0) < second + 1]
    return f", the first after {_which(before[-1])} was stopped" if before else ", the first before any was stopped"


def _which(row: Row) -> str:
    return f"{row['service']} {row['replica']}"


CLAIM = Claim(
    id="SP418-rolling-restart",
    group="fault",
    says="Replicas behind the proxy are restarted one after the other under load, and no request fails.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)
