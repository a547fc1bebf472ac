"""SP311: each route of the proxy leads to the service that it names, and its health route asks the application."""

from collections.abc import Callable, Iterator

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds
from stackproof.prove import entrance, present, proxy_log
from stackproof.prove.entrance import Entrance
from stackproof.prove.verdicts import Row, held, row_in, rows, text, texts, unmeasured
from stackproof.tools.http import Answer

Ask = Callable[[str, str], Answer]


def _measure(bench: Bench, ask: Ask = entrance.patiently) -> Measurement:
    running = bench.running()
    here = entrance.of(running)
    asked: list[Json] = [
        _route(running, here, route.service, f"{entrance.unknown(route)}-{number}", ask)
        for number, route in enumerate(here.proxy.routes)
    ]
    asked.append(_health(running, here, ask))
    addresses: dict[str, Json] = {one.name: present.addresses(running, one.name) for one in present.services(running)}
    return Measurement(
        f"{len(asked)} routes",
        "GET of a path below each route that no application has, and of the health path; the proxy's own log says "
        "which address answered, the engine whose it is",
        {"asked": asked, "addresses": addresses},
    )


def _route(running: Running, here: Entrance, service: str, path: str, ask: Ask) -> dict[str, Json]:
    """A path that was never asked for before: its line in the log cannot be another one's."""
    path = f"{path}-{int(running.now() * 1000)}"
    answer = ask("GET", f"{here.https}{path}")
    upstream = proxy_log.upstream(running, here.proxy.service, lambda line: line.get("uri") == path)
    return _row(path, service, answer, upstream, healthy=False)


def _health(running: Running, here: Entrance, ask: Ask) -> dict[str, Json]:
    answer = ask("GET", f"{here.https}{here.proxy.health}")
    name = answer.header("X-Request-ID")
    upstream = proxy_log.upstream(running, here.proxy.service, lambda line: bool(name) and line["request_id"] == name)
    return _row(here.proxy.health, here.proxy.health_service, answer, upstream, healthy=True)


def _row(path: str, service: str, answer: Answer, upstream: str | None, *, healthy: bool) -> dict[str, Json]:
    return {
        "path": path, "service": service, "status": answer.status, "problem": answer.problem, "upstream": upstream,
        "healthy": healthy,
    }  # fmt: skip


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    asked, owners = rows(measurement, "asked"), row_in(measurement.observed, "addresses") or {}
    if problems := [problem for row in asked for problem in _problems(row, owners)]:
        return held(problems, "")
    if silent := [text(row, "path") for row in asked if row["upstream"] is None]:
        return unmeasured(f"the log of the proxy has no line for {', '.join(silent)}")
    return held((), "; ".join(f"{row['path']} was answered by {row['service']}" for row in asked))


def _problems(row: Row, owners: Row) -> Iterator[str]:
    path, status = text(row, "path"), row["status"]
    owner = next((name for name in owners if row["upstream"] and row["upstream"] in texts(owners, name)), "")
    if status in (0, 502, 503, 504):
        yield f"{path} is answered {status} {row['problem']}".rstrip()
    elif row["upstream"] == "":
        yield f"{path} is answered {status} by the proxy itself: {row['service']} was never asked"
    elif row["upstream"] and owner != row["service"]:
        who = owner or f"{row['upstream']}, which is no service of the stack,"
        yield f"{path} was answered by {who} instead of {row['service']}"
    elif row["healthy"] and status != 200:
        yield f"{path} is answered {status} through the proxy"


CLAIM = Claim(
    id="SP311-routes",
    group="running",
    says="Each route of the proxy leads to the service that it names, and its health route asks the application.",
    measure=_measure,
    judge=_judge,
    applies=entrance.has_proxy,
    company="looks",
)
