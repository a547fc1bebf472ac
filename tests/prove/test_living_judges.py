"""Judges alone: what was observed and what that says, no runtime anywhere."""

from typing import Any

import pytest

from stackproof.model.proof import Claim, Measurement, Verdict
from stackproof.model.stack import Bounds
from stackproof.prove import (
    graceful_stop,
    health_answers,
    least_privilege,
    ports,
    queues_consumed,
    task_round_trip,
    worker_killed,
)

PROCESS = {
    "service": "api", "pid": 1, "command": "uvicorn", "uid": 10001, "gid": 10001, "capabilities": 0,
    "no_new_privileges": True, "root_read_only": True,
}  # fmt: skip
QUEUE = {"queue": "mail", "task": "shop.send", "id": "1", "seconds": 0.1, "removed": False, "worker": "worker"}
QUEUES = {"queues": [QUEUE], "tasks": {"shop.send": "mail"}, "dead_routes": [], "planned": ["mail"]}
TASK = {"refusal": "", "state": "done", "wanted": "done", "reached": True, "counted": "times", "count": 1, "seconds": 1}
END = {"service": "api", "seconds": 1.0, "exit_code": 0, "killed": False, "grace": 15.0}
REQUEST = {"status": 202, "said": "", **END}
STOPPED = {
    "refusal": "", "after_stop": "done", "state": "done", "done": True, "counted": "times", "count": 1, "seconds": 9.0,
    "workers": [{**END, "service": "worker"}],
}  # fmt: skip
ROW = {"id": "1", "refusal": "", "done": True, "state": "done", "count": 1, "seconds": 9.0}
BACK = {"service": "worker", "seconds": 2.0, "restarts": 1}
KILLED = {"refusal": "", "counted": "times", "workers": [BACK], "tasks": [ROW, ROW], "hidden": 20.0, "limit": 50.0}
ANSWER = {"service": "api", "path": "/health", "way": "inside"}
SILENT = {"status": 0, "location": "", "body": "", "problem": "ConnectionRefusedError"}
PORT = {"service": "api", "port": 8000, "published": True}
ATTEMPT = {"service": "api", "role": "web", "port": 8000, "way": "host", "opened": False, "intended": False}

CASES: tuple[tuple[Claim, dict[str, Any], Verdict, str], ...] = (
    (least_privilege.CLAIM, {"processes": [PROCESS], "services": ["api"]}, Verdict.PROVED, "1 processes in 1 services"),
    (
        least_privilege.CLAIM,
        {"processes": [{**PROCESS, "capabilities": 0x400}], "services": ["api"]},
        Verdict.REFUTED,
        "api (process 1, uvicorn) has capabilities (0x400)",
    ),
    (
        least_privilege.CLAIM,
        {"processes": [{**PROCESS, "no_new_privileges": False, "root_read_only": False}], "services": ["api"]},
        Verdict.REFUTED,
        "may gain new privileges; api (process 1, uvicorn) can write to its root",
    ),
    (
        least_privilege.CLAIM,
        {"processes": [PROCESS], "services": ["api", "worker"]},
        Verdict.UNMEASURED,
        "no process was found in worker",
    ),
    (ports.CLAIM, {"attempts": [ATTEMPT], "listening": [PORT]}, Verdict.UNMEASURED, "the published way to api:8000"),
    (
        health_answers.CLAIM,
        {"answers": [{**ANSWER, "way": "http://api", "real": SILENT, "nonsense": SILENT}]},
        Verdict.REFUTED,
        "api: /health (http://api) is not answered (ConnectionRefusedError)",
    ),
    (queues_consumed.CLAIM, QUEUES, Verdict.PROVED, "mail: worker after 0.10 s"),
    (
        queues_consumed.CLAIM,
        {**QUEUES, "dead_routes": ["shop.sned"]},
        Verdict.REFUTED,
        "the route shop.sned matches no",
    ),
    (queues_consumed.CLAIM, {**QUEUES, "planned": ["mail", "pay"]}, Verdict.REFUTED, "is routed to the queue pay"),
    (queues_consumed.CLAIM, {**QUEUES, "tasks": {"shop.pay": ""}}, Verdict.REFUTED, "the task shop.pay is routed to a"),
    (
        queues_consumed.CLAIM,
        {"queues": [], "tasks": {}, "dead_routes": [], "planned": []},
        Verdict.REFUTED,
        "has no task of its own",
    ),
    (
        queues_consumed.CLAIM,
        {**QUEUES, "queues": [{**QUEUE, "seconds": None}]},
        Verdict.REFUTED,
        "a message for shop.send waited 20 s and it is still there",
    ),
    (
        task_round_trip.CLAIM,
        {"refusal": "POST /tasks was answered 500: oops"},
        Verdict.REFUTED,
        "was answered 500: oops",
    ),
    (task_round_trip.CLAIM, {**TASK, "count": 2}, Verdict.REFUTED, "the task is done, and times says 2, not 1"),
    (task_round_trip.CLAIM, {**TASK, "counted": None, "count": None}, Verdict.PROVED, "the task was done"),
    (
        graceful_stop.CLAIM,
        {"request": REQUEST, "task": STOPPED},
        Verdict.PROVED,
        "was answered 202, api was gone 1.0 s",
    ),
    (
        graceful_stop.CLAIM,
        {"request": {**REQUEST, "seconds": 19.0}, "task": STOPPED},
        Verdict.REFUTED,
        "api ended 19.0 s after SIGTERM, later than its grace of 15 s",
    ),
    (
        graceful_stop.CLAIM,
        {"request": REQUEST, "task": {"state": "not accepted", "refusal": "answered 503", "workers": []}},
        Verdict.REFUTED,
        "answered 503",
    ),
    (worker_killed.CLAIM, KILLED, Verdict.PROVED, "done exactly once, 9.0 s after the kill, and so were 1 others"),
    (worker_killed.CLAIM, {"refusal": "answered 503"}, Verdict.REFUTED, "answered 503"),
    (
        worker_killed.CLAIM,
        {**KILLED, "tasks": [ROW, {**ROW, "id": "", "done": False, "refusal": "answered 503"}]},
        Verdict.REFUTED,
        "1 tasks were not accepted while no worker was there: answered 503",
    ),
    (
        worker_killed.CLAIM,
        {**KILLED, "tasks": [ROW, {**ROW, "done": False, "state": "queued"}]},
        Verdict.REFUTED,
        "1 of 1 tasks around the kill were lost (still queued)",
    ),
)


@pytest.mark.parametrize(("claim", "observed", "verdict", "because"), CASES, ids=[f"{c[0].id}: {c[3]}" for c in CASES])
def test_what_an_observation_says(claim: Claim, observed: dict[str, Any], verdict: Verdict, because: str) -> None:
    judgement = claim.judge(Measurement("", "", observed), Bounds())
    assert judgement.verdict is verdict
    assert because in judgement.because
