"""Judges of the claims about stores and shared state: what was observed and what that says."""

from typing import Any

import pytest

from stackproof.model.proof import Claim, Measurement, Verdict
from stackproof.model.stack import Bounds
from stackproof.prove import (
    backup_restores,
    data_survives,
    metrics_sum,
    migrations,
    networks_apart,
    pools_fit,
    redis_refuses,
    secrets_arrive,
    state_shared,
    targets_up,
)

NOAUTH = "-NOAUTH Authentication required."
CLOSED: dict[str, Any] = {"way": "without a password", "commands": ["PING", "GET x"], "replies": [NOAUTH, NOAUTH]}
PROBE = {
    "way": "as the user of the health check",
    "commands": ["AUTH probe probe", "GET x"],
    "replies": ["OK", "-NOPERM"],
}
SERVER: dict[str, Any] = {
    "store": "redis",
    "member": "api",
    "closed": [CLOSED, PROBE],
    "open": ["OK", "PONG", "(nothing)"],
}
TO_STORE: dict[str, Any] = {"from": "api", "to": "redis", "opened": True, "meant": True, "networks": ["back"]}
APART: dict[str, Any] = {"from": "proxy", "to": "redis", "opened": False, "meant": False, "networks": ["front"]}
OUT: dict[str, Any] = {"from": "proxy", "to": "outside", "opened": True, "meant": True, "networks": ["edge"]}
INSIDE: dict[str, Any] = {"from": "api", "to": "outside", "opened": False, "meant": False, "networks": ["back"]}
POOL = {"service": "api", "size": 7, "processes": 2, "replicas": 2, "most": 28}
POOLS: dict[str, Any] = {"pools": [POOL], "others": ["backup"], "max": 50, "reserved": 3, "open": 5}
JOB: dict[str, Any] = {"name": "migrate", "starts": 1, "ends": ["exit code 0"]}
UP: dict[str, Any] = {
    "way": "up",
    "command": "alembic upgrade head",
    "code": 0,
    "said": "",
    "schema": ["notes id text NO"],
}
DOWN: dict[str, Any] = {**UP, "way": "down", "schema": []}
AGAIN: dict[str, Any] = {**UP, "way": "up again"}
MIGRATED: dict[str, Any] = {
    "job": JOB, "current": {"code": 0, "said": "log\n0002 (head)"}, "tool": "alembic", "steps": [UP, DOWN, AGAIN],
}  # fmt: skip
FAILED: dict[str, Any] = {**DOWN, "code": 1, "said": "psycopg.Error: no such table\n(Background on this)"}
READ: dict[str, Any] = {"way": "the entrance", "times": 40, "good": 40, "bodies": ["a"], "others": []}
HALF: dict[str, Any] = {**READ, "way": "replica 2", "good": 20, "others": ["404"]}
KNOWN = {
    "what": "what POST /notes wrote",
    "refusal": "",
    "before": [READ, {**READ, "way": "replica 1"}],
    "after": [READ],
}
SHARED: dict[str, Any] = {"written": [KNOWN], "lame": []}
COUNTED: dict[str, Any] = {
    "sent": 60, "statuses": ["200"], "counter": "requests_total", "refused": 0, "waited": 0.0,
    "before": {"1": 5.0, "2": 7.0}, "after": {"1": 35.0, "2": 37.0},
}  # fmt: skip
TARGET: dict[str, Any] = {"job": "api", "at": "http://10.0.0.2:8000/metrics", "health": "up", "said": ""}
RULE: dict[str, Any] = {"name": "ServiceDown", "health": "ok", "said": ""}
WATCHED: dict[str, Any] = {
    "wanted": [{"job": "api", "replicas": 2}], "targets": [TARGET, TARGET], "rules": [RULE], "left_out": ["grafana"],
    "behind": [{"job": "redis-exporter", "number": "redis_up", "value": "1"}],
}  # fmt: skip
HASH, OTHER = "a" * 64, "b" * 64
HELD: dict[str, Any] = {
    "service": "api",
    "way": "TOKEN_FILE",
    "where": "a file",
    "secret": "token",
    "found": HASH,
    "wanted": HASH,
}
ARRIVED: dict[str, Any] = {"arrived": [HELD], "secrets": [{"name": "token", "length": 64, "lacks": ""}]}
KEPT: dict[str, Any] = {
    "what": "the result of a task",
    "path": "/tasks/1",
    "refusal": "",
    "before": HASH,
    "after": HASH,
}
SURVIVED: dict[str, Any] = {"kept": [KEPT], "volumes": ["postgres"]}
TABLE: dict[str, Any] = {"name": "notes", "rows": "2", "sum": "x", "restored": ["2", "x"]}
RESTORED: dict[str, Any] = {"dump": "/b/1.dump", "settled": True, "code": 0, "said": "", "tables": [TABLE]}

Case = tuple[Claim, dict[str, Any], Verdict, str]
PROVED: tuple[Case, ...] = tuple(
    (claim, observed, Verdict.PROVED, because)
    for claim, observed, because in (
        (redis_refuses.CLAIM, {"servers": [SERVER]}, "redis: nothing is answered without a password, with a wrong"),
        (
            networks_apart.CLAIM,
            {"tried": [TO_STORE, APART, OUT, INSIDE]},
            "2 ways are open and meant to be; closed: proxy",
        ),
        (networks_apart.CLAIM, {"tried": [TO_STORE]}, "closed: none"),
        (networks_apart.CLAIM, {"tried": [TO_STORE, OUT, *[APART] * 8]}, "and 2 more"),
        (
            pools_fit.CLAIM,
            POOLS,
            "at most 28 from pools (api: 7 x 2 processes x 2) and 1 more (backup); 5 are open now",
        ),
        (
            migrations.CLAIM,
            MIGRATED,
            "migrate ran once, and the schema is at its head; on an empty database: up, down, up",
        ),
        (migrations.CLAIM, {**MIGRATED, "steps": [UP, AGAIN]}, "up, up again (1 tables)"),
        (state_shared.CLAIM, SHARED, "what POST /notes wrote: read alike 40 times each over 2 ways"),
        (metrics_sum.CLAIM, COUNTED, "requests_total grew by 60 (replica 1: 30, replica 2: 30)"),
        (targets_up.CLAIM, WATCHED, "2 targets are up (api), 1 rules loaded; not there to be asked: grafana"),
        (secrets_arrive.CLAIM, ARRIVED, "1 secrets arrived unchanged in api"),
        (data_survives.CLAIM, SURVIVED, "the result of a task: the same afterwards (volumes: postgres)"),
        (backup_restores.CLAIM, RESTORED, "2 rows in 1 tables (1 of them not empty) are the same"),
    )
)
REFUTED: tuple[Case, ...] = tuple(
    (claim, observed, Verdict.REFUTED, because)
    for claim, observed, because in (
        (
            redis_refuses.CLAIM,
            {"servers": [{**SERVER, "closed": [{**CLOSED, "replies": ["PONG", "-ERR unknown"]}]}]},
            "redis answers PING without a password: PONG; redis answers GET x without a password: -ERR unknown",
        ),
        (
            redis_refuses.CLAIM,
            {"servers": [{**SERVER, "open": ["-WRONGPASS", NOAUTH, NOAUTH]}]},
            "redis does not answer api with the password: -WRONGPASS",
        ),
        (
            networks_apart.CLAIM,
            {"tried": [{**APART, "opened": True}]},
            "proxy can connect to redis, although they share no network (front)",
        ),
        (
            networks_apart.CLAIM,
            {"tried": [{**INSIDE, "opened": True}]},
            "api gets out of the stack, although it is on internal networks alone (back)",
        ),
        (
            networks_apart.CLAIM,
            {"tried": [{**TO_STORE, "opened": False}]},
            "api cannot connect to redis, although they",
        ),
        (pools_fit.CLAIM, {**POOLS, "max": 30}, "the server takes 27 connections, and the pools may open 28"),
        (pools_fit.CLAIM, {**POOLS, "open": 30}, "30 connections are open, more than 28 of all pools and 1 others"),
        (migrations.CLAIM, {**MIGRATED, "job": {**JOB, "starts": 3}}, "migrate was started 3 times, not once"),
        (migrations.CLAIM, {**MIGRATED, "job": {**JOB, "ends": ["exit code 1"]}}, "migrate ended with exit code 1"),
        (
            migrations.CLAIM,
            {**MIGRATED, "current": {"code": 0, "said": "0001"}},
            "the schema is not at its head: 0001",
        ),
        (
            migrations.CLAIM,
            {**MIGRATED, "tool": "django", "current": {"code": 0, "said": "[X] one\n[ ] two"}},
            "the schema is not at its head: [ ] two",
        ),
        (
            migrations.CLAIM,
            {**MIGRATED, "current": {"code": 1, "said": "RuntimeError: no"}},
            "the tool does not say where the schema is: RuntimeError: no",
        ),
        (
            migrations.CLAIM,
            {**MIGRATED, "steps": [UP, FAILED]},
            "down: `alembic upgrade head` ended with code 1: psycopg.Error: no such table",
        ),
        (migrations.CLAIM, {**MIGRATED, "steps": [{**UP, "schema": []}, DOWN]}, "up makes no table"),
        (migrations.CLAIM, {**MIGRATED, "steps": [UP, {**DOWN, "schema": UP["schema"]}]}, "down leaves notes behind"),
        (
            migrations.CLAIM,
            {**MIGRATED, "steps": [UP, DOWN, {**AGAIN, "schema": ["notes id int NO"]}]},
            "up again makes another schema: notes id int NO",
        ),
        (
            state_shared.CLAIM,
            {**SHARED, "written": [{**KNOWN, "before": [READ, HALF]}]},
            "what POST /notes wrote: replica 2 has it 20 of 40 times (else 404)",
        ),
        (
            state_shared.CLAIM,
            {**SHARED, "written": [{**KNOWN, "after": [{**READ, "bodies": ["b"]}]}]},
            "the entrance tells it in another way after a restart than it was told first",
        ),
        (
            state_shared.CLAIM,
            {**SHARED, "written": [{**KNOWN, "refusal": "POST /notes was answered 500: oops"}]},
            "was answered 500: oops",
        ),
        (state_shared.CLAIM, {**SHARED, "lame": ["api was not healthy"]}, "api was not healthy"),
        (metrics_sum.CLAIM, {**COUNTED, "after": {"1": 35.0, "2": 38.0}}, "grew by 61 while 60 requests were answered"),
        (
            metrics_sum.CLAIM,
            {**COUNTED, "refused": 2, "statuses": ["200", "429"]},
            "2 of 60 requests were answered 200, 429",
        ),
        (
            targets_up.CLAIM,
            {**WATCHED, "targets": [TARGET, {**TARGET, "health": "down", "said": "refused"}]},
            "api at http://10.0.0.2:8000/metrics is down: refused",
        ),
        (targets_up.CLAIM, {**WATCHED, "targets": [TARGET]}, "api has 2 replicas, and Prometheus knows 1 of them"),
        (targets_up.CLAIM, {**WATCHED, "rules": []}, "no rule is loaded"),
        (
            targets_up.CLAIM,
            {**WATCHED, "rules": [{**RULE, "health": "unknown"}]},
            "the rule ServiceDown is unknown: it was not evaluated yet",
        ),
        (
            secrets_arrive.CLAIM,
            {**ARRIVED, "arrived": [{**HELD, "found": OTHER}]},
            "api: TOKEN_FILE (a file) holds of token: another text than its file on the host",
        ),
        (secrets_arrive.CLAIM, {**ARRIVED, "arrived": [{**HELD, "found": "is not set"}]}, "holds of token: is not set"),
        (data_survives.CLAIM, {**SURVIVED, "kept": [{**KEPT, "refusal": "answered 503: no"}]}, "answered 503: no"),
        (
            data_survives.CLAIM,
            {**SURVIVED, "kept": [{**KEPT, "after": "answered 404"}]},
            "the result of a task is gone after the stack was taken down and brought up: GET /tasks/1 is answered 404",
        ),
        (data_survives.CLAIM, {**SURVIVED, "kept": [{**KEPT, "before": "answered 500"}]}, "could not be read before"),
        (data_survives.CLAIM, {**SURVIVED, "kept": [{**KEPT, "after": OTHER}]}, "is another one after"),
        (
            backup_restores.CLAIM,
            {**RESTORED, "tables": [{**TABLE, "restored": ["0", ""]}]},
            "the table notes has 2 rows, and 0 after it was restored",
        ),
        (backup_restores.CLAIM, {**RESTORED, "tables": [{**TABLE, "restored": ["2", "y"]}]}, "are other ones after"),
        (
            backup_restores.CLAIM,
            {**RESTORED, "tables": [{**TABLE, "restored": ["", ""]}]},
            "the table notes is not in the restored database",
        ),
        (backup_restores.CLAIM, {**RESTORED, "tables": []}, "the database has no table"),
        (
            backup_restores.CLAIM,
            {**RESTORED, "code": 1, "said": "oops"},
            "the dump could not be restored (code 1): oops",
        ),
        (backup_restores.CLAIM, {**RESTORED, "code": 1, "dump": ""}, "no dump was made (code 1)"),
    )
)
UNMEASURED: tuple[Case, ...] = tuple(
    (claim, observed, Verdict.UNMEASURED, because)
    for claim, observed, because in (
        (networks_apart.CLAIM, {"tried": [INSIDE, {**OUT, "opened": False}]}, "could not be reached by proxy either"),
        (networks_apart.CLAIM, {"tried": [TO_STORE, INSIDE]}, "no service may leave the stack's networks"),
        (
            secrets_arrive.CLAIM,
            {**ARRIVED, "secrets": [{"name": "token", "length": 64, "lacks": "$"}]},
            "token has none of the letters that could be lost on the way",
        ),
        (backup_restores.CLAIM, {**RESTORED, "settled": False}, "the database changed during each of 5 dumps"),
        (
            backup_restores.CLAIM,
            {**RESTORED, "tables": [{**TABLE, "rows": "0", "restored": ["0", "x"]}]},
            "has no rows",
        ),
    )
)
CASES = (*PROVED, *REFUTED, *UNMEASURED)


@pytest.mark.parametrize(("claim", "observed", "verdict", "because"), CASES, ids=[f"{c[0].id}: {c[3]}" for c in CASES])
def test_what_an_observation_says(claim: Claim, observed: dict[str, Any], verdict: Verdict, because: str) -> None:
    judgement = claim.judge(Measurement("", "", observed), Bounds())
    assert because in judgement.because
    assert judgement.verdict is verdict
