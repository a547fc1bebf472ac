"""SP108: what a service waits for can come true, and is what the stack asks for."""

from collections.abc import Iterator, Mapping

from stackproof.model.proof import Claim, Json, Judgement, Measurement
from stackproof.model.running import Bench
from stackproof.model.stack import Bounds
from stackproof.prove import composed
from stackproof.prove.composed import Document
from stackproof.prove.verdicts import Row, held, rows, text, unmeasured

_HEALTHY, _COMPLETED = "service_healthy", "service_completed_successfully"


def _measure(bench: Bench) -> Measurement:
    jobs = {service.name for service in bench.stack.services if service.one_shot}
    planned = {service.name: {need.service for need in service.needs} for service in bench.stack.services}
    found: list[Json] = [
        {**row, "job": row["on"] in jobs, "planned": _planned(row, bench.stack.environment, planned)}
        for environment, document in composed.documents(bench).items()
        for row in _gates(environment, dict(composed.services(document)))
    ]
    return Measurement(
        f"{len(found)} gates",
        "every `depends_on` of each rendered Compose file against the service that it names: its health check, its "
        "profiles, whether it is a job; and against the plan",
        {"gates": found},
    )


def _gates(environment: str, services: Mapping[str, Document]) -> Iterator[dict[str, Json]]:
    for name, service in services.items():
        for on, condition in composed.waits(service).items():
            other = services.get(on, {})
            apart = bool(other.get("profiles")) and not set(other["profiles"]) <= set(service.get("profiles") or ())
            yield {
                "environment": environment, "service": name, "on": on, "condition": condition,
                "there": on in services, "checked": bool(composed.probe(other)), "profile": apart,
                "restart": str(other.get("restart", "no")),
            }  # fmt: skip


def _planned(row: Mapping[str, Json], environment: str, planned: Mapping[str, set[str]]) -> bool:
    """Of other environments nothing is known here."""
    return row["environment"] != environment or row["on"] in planned.get(str(row["service"]), set())


def _judge(measurement: Measurement, _: Bounds) -> Judgement:
    gates = rows(measurement, "gates")
    if not gates:
        return unmeasured("no service waits for another one")
    conditions = [text(row, "condition").removeprefix("service_") for row in gates]
    said = ", ".join(f"{conditions.count(each)} {each}" for each in dict.fromkeys(conditions))
    return held((problem for row in gates if (problem := _problem(row))), f"{len(gates)} gates can open: {said}")


def _problem(row: Row) -> str:
    on, waiting = row["on"], f"{row['service']} in {row['environment']} waits for {row['on']}"
    if not row["there"]:
        return f"{waiting}, which is not in the file"
    if row["profile"]:
        return f"{waiting}, which only runs with a profile"
    if row["condition"] == _HEALTHY and not row["checked"]:
        return f"{waiting} to be healthy, and {on} has no health check"
    if row["condition"] == _COMPLETED and row["restart"] not in ("no", "on-failure"):
        return f"{waiting} to be completed, and {on} is started again each time it ends ({row['restart']})"
    if row["job"] and row["condition"] != _COMPLETED:
        return f"{waiting}, a job, but not for its end"
    if not row["planned"]:
        return f"{waiting}, and nothing in the plan does: a dependency that was left over"
    return ""


CLAIM = Claim(
    id="SP108-gates-on-health",
    group="source",
    says="Every condition that a service waits for can come true, and none is left over.",
    measure=_measure,
    judge=_judge,
)
