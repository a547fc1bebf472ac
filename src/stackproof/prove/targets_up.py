"""SP321: Prometheus gets numbers from all that it should ask, exporters see their servers, rules are loaded."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast
from urllib.parse import quote

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench, Running
from stackproof.model.stack import Bounds, Service, Stack
from stackproof.prove import asking
from stackproof.prove.verdicts import Row, held, rows, text, whole

_WITHIN = 90.0  # seconds: names are looked up and targets asked every 10 to 15 s, and one round may be missed
_PAUSE = 2.0
# An exporter answers whether or not it can log in to what it is there for; these numbers tell.
_BEHIND = '{__name__=~"redis_up|pg_up|nginx_up"}'


def applies(stack: Stack) -> bool:
    return any(_asks(service) and not service.profiles for service in stack.services)


def _asks(service: Service) -> bool:
    return service.software == "prometheus"


def _measure(bench: Bench) -> Measurement:
    running = bench.running()
    server = next((service for service in running.stack.services if _asks(service)), None)
    if server is None:
        raise Unmeasurable("There is no Prometheus on this runtime.", fix="Prove with --on docker.")
    wanted: list[Json] = [
        {"job": service.name, "replicas": len(asking.replicas(running, service.name))}
        for service in running.stack.services
        if service.metrics
    ]
    left = set(running.left_out)
    begun = running.now()
    while True:
        observed: dict[str, Json] = {"wanted": wanted, **_seen(running, server, left)}
        if not list(_problems(observed)) or running.now() - begun > _WITHIN:
            break
        running.pause(_PAUSE)
    observed["waited"] = running.now() - begun
    return Measurement(
        f"{len(cast(list[Json], observed['targets']))} targets",
        "Prometheus's own API, asked inside its container until every target is up, every exporter sees its server and "
        "every rule was evaluated",
        {**observed, "left_out": sorted(left)},
    )


def _seen(running: Running, server: Service, left: set[str]) -> dict[str, Json]:
    targets = _asked(running, server, "/api/v1/targets?state=active")["activeTargets"]
    groups = _asked(running, server, "/api/v1/rules")["groups"]
    behind = _asked(running, server, f"/api/v1/query?query={quote(_BEHIND)}")["result"]
    return {
        "targets": [_target(each) for each in targets if each["labels"]["job"] not in left],
        "rules": [_rule(rule) for group in groups for rule in group["rules"]],
        "behind": [_server(each) for each in behind if each["metric"]["job"] not in left],
    }


def _asked(running: Running, server: Service, path: str) -> Mapping[str, Any]:
    done = running.run(server.name, ("wget", "-q", "-O", "-", f"http://127.0.0.1:{server.port}{path}"))
    if done.exit_code != 0:
        said = (done.errors or done.output).strip()[-200:]
        raise ToolFailed(f"Prometheus could not be asked for {path}: {said}", fix="Look at its log: stackproof logs")
    return cast(Mapping[str, Any], json.loads(done.output)["data"])


def _target(each: Mapping[str, Any]) -> dict[str, Json]:
    return {"job": each["labels"]["job"], "at": each["scrapeUrl"], "health": each["health"], "said": each["lastError"]}


def _server(each: Mapping[str, Any]) -> dict[str, Json]:
    return {"job": each["metric"]["job"], "number": each["metric"]["__name__"], "value": each["value"][1]}


def _rule(rule: Mapping[str, Any]) -> dict[str, Json]:
    return {"name": rule["name"], "health": rule["health"], "said": rule.get("lastError", "")}


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    found = measurement.observed
    targets, rules, left = rows(measurement, "targets"), rows(measurement, "rules"), found["left_out"]
    gone = f"; not there to be asked: {', '.join(left)}" if left else ""
    jobs = ", ".join(dict.fromkeys(text(row, "job") for row in targets))
    return held(
        _problems(found), f"{len(targets)} targets are up ({jobs}), {len(rules)} rules loaded{gone}", f"{_WITHIN:g} s"
    )


def _problems(found: Row) -> Iterator[str]:
    targets = cast(list[Row], found["targets"])
    for row in targets:
        if row["health"] != "up":
            yield f"{row['job']} at {row['at']} is {row['health']}: {row['said'] or 'nothing was answered yet'}"
    for wanted in cast(list[Row], found["wanted"]):
        count = sum(row["job"] == wanted["job"] for row in targets)
        if count < (whole(wanted, "replicas") or 0):
            yield f"{wanted['job']} has {wanted['replicas']} replicas, and Prometheus knows {count} of them"
    for row in cast(list[Row], found["behind"]):
        if row["value"] != "1":
            yield f"{row['job']} does not get through to its server: {row['number']} is {row['value']}"
    rules = cast(list[Row], found["rules"])
    if not rules:
        yield "no rule is loaded"
    for rule in rules:
        if rule["health"] != "ok":
            yield f"the rule {rule['name']} is {rule['health']}: {rule['said'] or 'it was not evaluated yet'}"


CLAIM = Claim(
    id="SP321-targets-up",
    group="running",
    says="Prometheus gets numbers from every replica that it should ask, and its rules are loaded.",
    measure=_measure,
    judge=_judge,
    applies=applies,
)
