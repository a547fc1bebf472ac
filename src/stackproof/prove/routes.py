"""SP311: each route of the proxy leads to the service that it names, and its health route asks the application."""

from collections.abc import Callable, Iterator

from stackproof.model.proof import Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds
from stackproof.prove import entrance
from stackproof.prove.verdicts import held, rows, text
from stackproof.tools.http import Answer, request

_WITHIN = 10.0  # seconds for a line to reach the log
Ask = Callable[[str, str], Answer]


def _measure(bench: Bench, ask: Ask = request) -> Measurement:
    running = bench.running()
    here = entrance.of(running)
    asked: list[Json] = []
    for number, (route, path) in enumerate(entrance.paths(here.proxy)):
        mark = f"{path}-{number}-{running.now():.6f}".replace(".", "-")
        answer = ask("GET", f"{here.https}{mark}")
        asked.append(_row(route.prefix, route.service, answer, _upstream(running, here.proxy.service, mark), running))
    health = ask("GET", f"{here.https}{here.proxy.health}")
    return Measurement(
        f"{len(asked)} routes",
        "GET of a path of its own for each route; the proxy's log says which address answered, held against the "
        "addresses that the services' names have on its network",
        {"asked": asked, "health": health.status, "path": here.proxy.health},
    )


def _row(prefix: str, service: str, answer: Answer, upstream: str, running: Running) -> dict[str, Json]:
    addresses = running.run(service, ("hostname", "-i"))
    return {
        "prefix": prefix, "service": service, "status": answer.status, "problem": answer.problem,
        "upstream": upstream, "addresses": list[Json](addresses.output.split()),
    }  # fmt: skip


def _upstream(running: Running, proxy: str, mark: str) -> str:
    """The address that answered, from the proxy's own log line; "" where none says so."""
    import json

    begun = running.now()
    while running.now() - begun < _WITHIN:
        for line in reversed(running.logs(proxy).splitlines()):
            if mark in line and (at := line.find("{")) >= 0:
                return str(json.loads(line[at:]).get("upstream", ""))
        running.pause(0.2)
    return ""


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    asked = rows(measurement, "asked")
    ways = ", ".join(f"{row['prefix']} to {row['service']}" for row in asked)
    return held(_problems(measurement), f"{ways}; {measurement.observed['path']} says 200")


def _problems(measurement: Measurement) -> Iterator[str]:
    for row in rows(measurement, "asked"):
        if not row["status"] or int(str(row["status"])) in (502, 503, 504):
            yield f"{row['prefix']} is answered {row['status']} {row['problem']}".rstrip()
        elif not row["upstream"]:
            yield f"the log of the proxy does not say who answered {row['prefix']}"
    if measurement.observed["health"] != 200:
        yield f"{text(measurement.observed, 'path')} is answered {measurement.observed['health']} through the proxy"
