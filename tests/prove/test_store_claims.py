"""Claims about stores and shared state, measured on a stack with PostgreSQL whose time is ours, healthy and broken."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.parts import Migrations, Pool
from stackproof.model.proof import Claim, Judgement, Measurement, Verdict
from stackproof.model.running import Completed, Event, ServiceState
from stackproof.model.stack import (
    Assignment,
    Because,
    Database,
    Metered,
    Mount,
    Network,
    Secret,
    Service,
    Shared,
    Volume,
)
from stackproof.prove import (
    asking,
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
    written,
)
from stackproof.tools.http import Answer
from tests.prove import fake_running
from tests.prove.fake_running import FakeBench, FakeRunning

PASSWORD = "a$\"'\\#:@%" + "x" * 54 + "z"
ACL = Secret("redis-acl", "redis-acl", Because(""), source="redis-password")
SECRETS = (Secret("redis-password", "password", Because("")), ACL)
ENVIRONMENT = (
    Assignment("REDIS_URL", "redis://:@{reveal.redis-password}@@{redis.host}:@{redis.port}/0", settable=False),
    Assignment("DATABASE_URL", "postgresql://shop@@{postgres.host}:@{postgres.port}/shop", settable=False),
    Assignment("TOKEN_FILE", "@{secret.redis-password}", settable=False),
)
REDIS = replace(
    fake_running.REDIS, software="redis", networks=("back",), secrets=("redis-acl",), mounts=(Mount("/data", "redis"),)
)
POSTGRES = replace(REDIS, name="postgres", software="postgres", port=5432, mounts=(Mount("/pg", "pg"),), secrets=())
API = replace(
    fake_running.API, environment=ENVIRONMENT, networks=("front", "back"), metrics="/metrics", publish=None, replicas=2,
    secrets=("redis-password",), mounts=(),
)  # fmt: skip
WORKER = replace(fake_running.WORKER, environment=ENVIRONMENT, networks=("back", "out"))
PROXY = replace(
    API, name="proxy", role="proxy", software="nginx", built=False, environment=(), networks=("front",), metrics=None
)
BACKUP = replace(PROXY, name="backup", role="backup", command=("sh", "/opt/dump.sh", "loop"), networks=("back",))
PROMETHEUS = replace(PROXY, name="prometheus", role="observe", software="prometheus", port=9090)
MIGRATE = replace(API, name="migrate", role="job", one_shot=True, replicas=1)
BASE = Database(
    "postgres", "shop", "shop", "postgres-password", 50,
    pools=(Pool("api", 5, 2), Pool("worker", 5, 1)),
    migrations=Migrations("migrate", "alembic", ("alembic", "up"), ("alembic", "down"), ("alembic", "current")),
    backup="backup",
)  # fmt: skip
STACK = replace(
    fake_running.STACK,
    services=(REDIS, POSTGRES, API, WORKER, PROXY, BACKUP, PROMETHEUS, MIGRATE),
    networks=(Network("front", internal=True), Network("back", internal=True), Network("out", internal=False)),
    volumes=(Volume("pg", Because("")),),
    secrets=SECRETS,
    database=BASE,
    shared=(Shared("api", "/notes", '{"text": "x"}', "/notes/{id}", "id"),),
    metered=Metered("api", "/ping", "requests_total", (("route", "/ping"),)),
    headers=(("X-Key", "@{reveal.redis-password}"),),
)


@dataclass
class Stores(FakeRunning):
    """The same with stores that answer. What a field says is what is wrong."""

    open_redis: bool = False
    max_connections: int = 50
    no_way_down: bool = False
    forgets: bool = False  # what is written stays in one process
    loses_all: bool = False  # ... and is gone when the stack was taken down
    counts: int = 1  # for each request
    late: float = 0.0  # seconds until a request is counted
    redis_up: str = "1"  # as its exporter sees it
    down: frozenset[str] = frozenset()  # jobs that Prometheus gets no numbers from
    up_at: float = 0.0  # from when on it does
    spoilt: bool = False  # secrets on their way
    empty_dump: bool = False
    busy_dumps: int = 0  # so many dumps are made while somebody writes
    replica_count: int = 2
    write_status: int = 0  # the status that a write gets
    pinged: list[float] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)  # in which round each was written
    dumps: int = 0
    reads: int = 0
    drilled: list[str] = field(default_factory=list)
    calls: list[tuple[str, int]] = field(default_factory=list)
    happened: tuple[Event, ...] = (Event(1.0, "migrate", "started"), Event(2.0, "migrate", "exited", "exit code 0"))

    def states(self) -> tuple[ServiceState, ...]:
        found = []
        for service in self.stack.services:
            if service.name in self.absent:
                continue
            if service.one_shot:
                found.append(ServiceState(service.name, "exited", "none", 0))
                continue
            count = self.replica_count if service.name == "api" else 1
            found += [
                ServiceState(service.name, "running", self._health(service.name), replica=number + 1)
                for number in range(count)
            ]
        return tuple(found)

    def run(self, service: str, argv: tuple[str, ...], timeout: float = 20.0, replica: int = 1) -> Completed:
        assert timeout > 0
        self.calls.append((service, replica))
        if self.breaks == "run":
            return Completed(argv, 1, 0.1, "", "no such program")
        if argv[0] == "psql":
            return Completed(argv, 0, 0.1, self._psql(argv))
        if argv[0] == "wget":
            return Completed(argv, 0, 0.1, json.dumps({"data": self._prometheus(argv[-1])}))
        if argv[0] == "alembic":
            return Completed(argv, 0, 0.1, "0002 (head)")
        if "/opt/dump.sh" in argv:
            return self._backup(argv)
        return Completed(argv, 0, 0.1, json.dumps(self._inside(argv[-1])))

    def _inside(self, script: str) -> dict[str, object]:
        """The last line of a script is the call of its `look` with what it is given."""
        text = json.loads(re.findall(r"json\.loads\((\".*\")\)", script)[-1])
        given = json.loads(text)
        head = script.splitlines()[0]
        if "Redis" in head:
            return {"address": "redis:6379", "replies": [self._redis(each) for each in given[3]]}
        if "migration" in head:
            words = given[3][0]
            code = int(self.no_way_down and words[-1] == "down")
            self.drilled.append("" if code else words[-1])
            ran = {"command": " ".join(words), "code": code, "said": "an Error" if code else "", "seconds": 1.0}
            return {"ran": [ran]}
        if "secrets" in head:
            return self._secrets(given[0], given[1])
        _, path, headers, times = given
        answers = [self._told(path, headers) for _ in range(times)]
        rows = [asking.row(answer) for answer in answers]
        return {"answers": rows, "text": answers[-1].body.decode()}

    def _redis(self, commands: list[list[str]]) -> list[str]:
        replies, user = [], ""
        for words in commands:
            if words[0] == "AUTH":
                known = words[1:] in (["default", PASSWORD], ["probe", "probe"])
                user = words[1] if known else user
                replies.append("OK" if known else "-WRONGPASS no")
            elif user == "default" or self.open_redis:
                replies.append("PONG" if words[0] == "PING" else "(nothing)")
            else:
                replies.append("-NOPERM no" if user else "-NOAUTH no")
        return replies

    def _psql(self, argv: tuple[str, ...]) -> str:
        drill = argv[argv.index("-d") + 1] == "stackproof_drill"
        return "".join(self._statement(word, drill) for before, word in pairwise(argv) if before == "-c")

    def _statement(self, statement: str, drill: bool) -> str:
        if "pg_settings" in statement:
            return f"max_connections,{self.max_connections}\nsuperuser_reserved_connections,3\n"
        if "pg_stat_activity" in statement:
            return "9,8\n"
        if "information_schema" in statement:
            return "notes,id,text,NO\nalembic_version,version_num,text,NO\n" if self.drilled[-1] != "down" else ""
        if "pg_tables" in statement:
            return "notes\n"
        if "md5" in statement:
            changed = self.dumps if self.dumps < self.busy_dumps + 1 and not drill else 0
            return "notes,0,\n" if drill and self.empty_dump else f"notes,2,digest{changed}\n"
        return ""

    def _prometheus(self, url: str) -> dict[str, object]:
        if "rules" in url:
            return {"groups": [{"rules": [{"name": "ServiceDown", "health": "ok"}]}]}
        if "query=" in url:
            seen = {"job": "redis-exporter", "__name__": "redis_up"}
            left = {"job": "grafana", "__name__": "pg_up"}
            result = [{"metric": seen, "value": [1.0, self.redis_up]}, {"metric": left, "value": [1.0, "0"]}]
            return {"result": result}
        up = [
            {
                "labels": {"job": "api"},
                "scrapeUrl": f"http://10.0.0.{number}/metrics",
                "health": "down" if "api" in self.down or self.clock < self.up_at else "up",
                "lastError": "",
            }
            for number in range(self.replica_count)
        ]
        gone = {"labels": {"job": "grafana"}, "scrapeUrl": "x", "health": "down", "lastError": "no such host"}
        return {"activeTargets": [*up, gone]}

    def _backup(self, argv: tuple[str, ...]) -> Completed:
        if argv[-1] == "once":
            self.dumps += 1
            return Completed(argv, 0, 1.0, f"backup: made /backup/{self.dumps}.dump\n")
        assert argv[:2] == ("env", "PGDATABASE=stackproof_drill")
        return Completed(argv, 0, 1.0, "backup: restored\n")

    def _secrets(self, files: list[str], variables: list[list[str]]) -> dict[str, object]:
        text = "spoilt" if self.spoilt else PASSWORD
        held = hashlib.sha256(text.encode()).hexdigest()
        assert [re.fullmatch(pattern, "redis://:x%40@redis:6379/0") for _, pattern in variables]
        return {
            "files": dict.fromkeys(files, held), "from": "process 1",
            "variables": {name: held for name, _ in variables},
        }  # fmt: skip

    def ask(
        self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        path = url.removeprefix("http://api")
        if path.startswith("/tasks"):
            return super().ask(method, url, body=body, headers={"Content-Type": "application/json"})
        if method == "POST":
            assert body == b'{"text": "x"}'
            self.notes.append(self.rounds)
            return _said(self.write_status or 201, {"id": f"n{len(self.notes) - 1}"})
        return self._told(path, headers or {})

    def _told(self, path: str, headers: Mapping[str, str]) -> Answer:
        if path == "/metrics":
            counted = self.counts * sum(self.clock - at >= self.late for at in self.pinged) / 2
            text = f'# HELP x\nrequests_total{{route="/ping"}} {counted}\nrequests_total{{route="/health"}} 9\n'
            return Answer(200, {}, text.encode(), 0.1)
        assert headers["X-Key"] == PASSWORD
        if path == "/ping":
            self.pinged.append(self.clock)
            return _said(200, {})
        if path.startswith("/tasks/"):
            return super().ask("GET", f"http://api{path}", headers=None)
        written = self.notes[int(path.removeprefix("/notes/n"))]
        self.reads += 1
        if (self.forgets and self.reads % 2) or (self.loses_all and written < self.rounds):
            return _said(404, {})
        return _said(200, {"text": "x"})


def _said(status: int, fields: dict[str, object]) -> Answer:
    return Answer(status, {}, json.dumps(fields).encode(), 0.01)


def measured(claim: Claim, up: Stores) -> Measurement:
    bench = FakeBench(up, {"redis-password": PASSWORD})
    asks = {metrics_sum.CLAIM.id, state_shared.CLAIM.id, data_survives.CLAIM.id}
    return claim.measure(bench, up.ask) if claim.id in asks else claim.measure(bench)


def judged(claim: Claim, up: Stores) -> Judgement:
    return claim.judge(measured(claim, up), up.stack.bounds)


def stores(**wrong: object) -> Stores:
    return partial(Stores, STACK)(left_out={"grafana": "no image"}, **wrong)  # type: ignore[arg-type]


HEALTHY = (
    (redis_refuses.CLAIM, "redis: nothing is answered"),
    (networks_apart.CLAIM, "closed: redis to outside, postgres to outside"),
    (pools_fit.CLAIM, "at most 25 from pools (api: 5 x 2 processes x 2; worker: 5 x 1 processes x 1) and 0 more"),
    (migrations.CLAIM, "migrate ran once, and the schema is at its head; on an empty database: up, down, up again"),
    (state_shared.CLAIM, "the result of a task and what POST /notes wrote: read alike 40 times each over 3 ways"),
    (metrics_sum.CLAIM, "requests_total grew by 60"),
    (targets_up.CLAIM, "2 targets are up (api), 1 rules loaded; not there to be asked: grafana"),
    (secrets_arrive.CLAIM, "4 secrets arrived unchanged in api, worker"),
    (data_survives.CLAIM, "the same afterwards (volumes: redis, pg, data)"),
    (backup_restores.CLAIM, "2 rows in 1 tables"),
)


@pytest.mark.parametrize(("claim", "because"), HEALTHY, ids=[claim.id for claim, _ in HEALTHY])
def test_a_healthy_stack_is_proved(claim: Claim, because: str) -> None:
    judgement = judged(claim, stores())
    assert because in judgement.because
    assert judgement.verdict is Verdict.PROVED


BROKEN = (
    (redis_refuses.CLAIM, stores(open_redis=True), "redis answers PING without a password: PONG"),
    (networks_apart.CLAIM, stores(leaks=frozenset({("proxy", "redis")})), "proxy can connect to redis"),
    (networks_apart.CLAIM, stores(leaks=frozenset({("api", "outside")})), "api gets out of the stack"),
    (networks_apart.CLAIM, stores(walls=frozenset({("api", "postgres")})), "api cannot connect to postgres"),
    (pools_fit.CLAIM, stores(max_connections=20), "the server takes 17 connections, and the pools may open 25"),
    (migrations.CLAIM, stores(no_way_down=True), "down: `alembic down` ended with code 1: an Error"),
    (migrations.CLAIM, stores(happened=()), "migrate was started 0 times, not once"),
    (state_shared.CLAIM, stores(forgets=True), "what POST /notes wrote: the entrance has it 20 of 40 times (else 404)"),
    (state_shared.CLAIM, stores(write_status=503), "POST /notes was answered 503"),
    (state_shared.CLAIM, stores(stays_red=frozenset({"api"})), "api was not healthy within 120 s after its restart"),
    (metrics_sum.CLAIM, stores(counts=2), "requests_total grew by 120 while 60 requests were answered"),
    (metrics_sum.CLAIM, stores(late=99.0), "requests_total grew by 0 while 60 requests were answered"),
    (
        targets_up.CLAIM,
        stores(redis_up="0"),
        "redis-exporter does not get through to its server: redis_up is 0",
    ),
    (targets_up.CLAIM, stores(down=frozenset({"api"})), "api at http://10.0.0.0/metrics is down"),
    (secrets_arrive.CLAIM, stores(spoilt=True), "holds of redis-password: another text than its file"),
    (data_survives.CLAIM, stores(loses_all=True), "what POST /notes wrote is gone after the stack was taken down"),
    (data_survives.CLAIM, stores(write_status=500), "POST /notes was answered 500"),
    (data_survives.CLAIM, stores(quick=99.0), "the task was not done within 60 s"),
    (backup_restores.CLAIM, stores(empty_dump=True), "the table notes has 2 rows, and 0 after it was restored"),
)


@pytest.mark.parametrize(("claim", "up", "because"), BROKEN, ids=[f"{claim.id}: {why}" for claim, _, why in BROKEN])
def test_a_broken_stack_is_refuted_by_its_cause(claim: Claim, up: Stores, because: str) -> None:
    judgement = judged(claim, up)
    assert because in judgement.because
    assert judgement.verdict is Verdict.REFUTED


def test_the_last_numbers_and_a_slow_prometheus_are_waited_for() -> None:
    assert judged(metrics_sum.CLAIM, stores(late=5.0)).verdict is Verdict.PROVED
    assert judged(targets_up.CLAIM, stores(up_at=40.0)).verdict is Verdict.PROVED


def test_a_dump_while_somebody_writes_is_made_again() -> None:
    assert judged(backup_restores.CLAIM, stores(busy_dumps=2)).verdict is Verdict.PROVED
    assert judged(backup_restores.CLAIM, stores(busy_dumps=9)).verdict is Verdict.UNMEASURED


def test_every_replica_is_asked_and_restarted() -> None:
    up = stores()
    judged(state_shared.CLAIM, up)
    assert {replica for service, replica in up.calls if service == "api"} == {1, 2}


def test_nothing_is_shown_by_a_firewall_that_keeps_everybody_in() -> None:
    assert judged(networks_apart.CLAIM, stores(firewall=True)).verdict is Verdict.UNMEASURED


def _changed(*services: Service) -> Stores:
    return Stores(replace(STACK, services=services))


def test_a_published_service_is_asked_where_it_is_published() -> None:
    @dataclass
    class Published(Stores):
        def states(self) -> tuple[ServiceState, ...]:
            return tuple(replace(each, address=f"http://{each.name}") for each in super().states())

    up = Published(STACK, replica_count=1)
    running: Any = up
    direct = asking.replica(running, API, 1, "/ping", {"X-Key": PASSWORD}, 3, up.ask)
    assert [row["status"] for row in direct.answers] == [200, 200, 200]
    assert not up.calls
    assert asking.replica(running, API, 1, "/ping", {}, 0, up.ask).text == ""


@pytest.mark.parametrize(
    ("claim", "up"),
    [
        (redis_refuses.CLAIM, _changed(API)),
        (redis_refuses.CLAIM, _changed(REDIS, replace(API, environment=()))),
        (pools_fit.CLAIM, _changed(API)),
        (migrations.CLAIM, Stores(replace(STACK, database=None))),
        (state_shared.CLAIM, Stores(replace(STACK, task=None, services=(REDIS,)))),
        (metrics_sum.CLAIM, Stores(replace(STACK, metered=None))),
        (metrics_sum.CLAIM, _changed(replace(API, metrics=None))),
        (targets_up.CLAIM, _changed(API)),
        (secrets_arrive.CLAIM, _changed(REDIS)),
        (backup_restores.CLAIM, _changed(POSTGRES)),
    ],
)
def test_a_stack_without_the_part_has_nothing_to_measure(claim: Claim, up: Stores) -> None:
    with pytest.raises(Unmeasurable):
        measured(claim, up)


@pytest.mark.parametrize("claim", [pools_fit.CLAIM, targets_up.CLAIM])
def test_a_program_that_fails_is_a_failed_tool(claim: Claim) -> None:
    with pytest.raises(ToolFailed, match="no such program"):
        measured(claim, stores(breaks="run"))


def test_claims_apply_where_there_is_something_to_look_at() -> None:
    bare = replace(STACK, services=(PROXY,), database=None, task=None, shared=(), metered=None, volumes=(), secrets=())
    for claim, _ in HEALTHY:
        assert claim.applies(STACK), claim.id
        assert not claim.applies(bare), claim.id


def test_numbers_are_found_by_name_and_labels() -> None:
    exposed = "\n".join(
        (
            "# TYPE requests_total counter",
            'requests_total{route="/ping",method="GET",status="200"} 3.0',
            'requests_total{method="GET",route="/ping",status="500"} 2 1700000000000',
            'requests_total{route="/a \\"b\\" c"} 5',
            'requests_total_created{route="/ping"} 1e9',
            "plain 7",
        )
    )
    assert metrics_sum.total(exposed, Metered("api", "/", "requests_total", (("route", "/ping"),))) == 5.0
    assert metrics_sum.total(exposed, Metered("api", "/", "requests_total")) == 10.0
    assert metrics_sum.total(exposed, Metered("api", "/", "plain")) == 7.0


@pytest.mark.parametrize(
    ("body", "field", "name"),
    [
        (b'{"id": 7}', "id", "7"),
        (b"{}", "id", None),
        (b"[]", "id", None),
        (b"<html>", "id", None),
        (b"<html>", None, ""),
    ],
)
def test_what_was_written_has_a_name(body: bytes, field: str | None, name: str | None) -> None:
    assert written._name(body, field) == name


def test_a_reference_in_a_header_is_the_text_of_the_secret() -> None:
    bench: Any = FakeBench(stores(), {"redis-password": PASSWORD})
    assert asking.headers(bench, (("X-More", "x"),)) == {"X-Key": PASSWORD, "X-More": "x"}
