"""What must last, measured on a stack that answers as it is told: the broker, memory, volumes, variables, probes."""

import json
from dataclasses import replace
from functools import partial

import pytest
import yaml

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.artifacts import Artifact
from stackproof.model.proof import Claim, Judgement, Measurement, Verdict
from stackproof.model.stack import Assignment, Because, Bounds, Health, Metered, Mount, Volume
from stackproof.prove import broker_keeps, health_can_fail, memory_steady, variables_arrive, volumes_hold
from tests.prove import fake_running, fake_telling
from tests.prove.fake_running import API, FakeBench
from tests.prove.fake_telling import Says
from tests.prove.fakes import FakeWorkshop

P, R, U = Verdict.PROVED, Verdict.REFUTED, Verdict.UNMEASURED
REDIS = replace(fake_running.REDIS, software="redis", mounts=(Mount("/data", volume="redis"),))
WORKER = replace(fake_running.WORKER, mounts=())
STACK = replace(
    fake_running.STACK,
    services=(REDIS, API, WORKER),
    volumes=(Volume("data", Because("")), Volume("redis", Because(""))),
)


Telling = partial(fake_telling.Telling, STACK)


def judged(claim: Claim, running: fake_telling.Telling, artifacts: tuple[Artifact, ...] = ()) -> Judgement:
    bench = FakeBench(running, shop=FakeWorkshop(), artifacts=artifacts)
    assert claim.applies(running.stack)
    measured = claim.measure(bench)
    stored = json.loads(json.dumps(measured.observed))
    return claim.judge(Measurement(measured.figure, measured.how, stored), Bounds())


def replies(policy: str, pushed: str, kept: str) -> Says:
    def says(_: str, argv: tuple[str, ...]) -> object:
        first = "LRANGE" in argv[-1]
        return {"replies": [["OK", kept, "1"] if first else ["OK", f"maxmemory-policy {policy}", pushed]]}

    return says


KEPT = "queued before the broker was killed"


@pytest.mark.parametrize(
    ("says", "comes_back", "verdict", "text"),
    [
        (replies("noeviction", "1", KEPT), True, P, "redis: noeviction; back 0.0 s after SIGKILL"),
        (replies("volatile-lru", "1", KEPT), True, R, "its maxmemory-policy is volatile-lru"),
        (replies("noeviction", "1", "(nothing)"), True, R, "what was queued in redis is gone after SIGKILL"),
        (replies("noeviction", "1", KEPT), False, R, "redis did not come back within 60 s"),
        (replies("noeviction", "-OOM full", KEPT), True, U, "redis does not answer: maxmemory-policy noeviction, -OOM"),
        (replies("", "1", KEPT), True, R, "maxmemory-policy"),
    ],
)
def test_the_broker_keeps_what_is_queued(says: Says, comes_back: bool, verdict: Verdict, text: str) -> None:
    judgement = judged(broker_keeps.CLAIM, Telling(says=says, comes_back=comes_back))
    assert judgement.verdict is verdict
    assert text in judgement.because


def test_a_broker_that_stays_red_did_not_come_back() -> None:
    running = Telling(says=replies("noeviction", "1", KEPT), stays_red=frozenset({"redis"}))
    assert "did not come back" in judged(broker_keeps.CLAIM, running).because


def test_without_a_broker_of_its_own_there_is_none_to_kill() -> None:
    assert not broker_keeps.CLAIM.applies(replace(STACK, celery=None))
    assert not broker_keeps.CLAIM.applies(replace(STACK, services=(API, WORKER)))
    with pytest.raises(Unmeasurable, match="does not run here"):
        broker_keeps.CLAIM.measure(FakeBench(fake_telling.Telling(stack=replace(STACK, services=(API, WORKER)))))


def growing(*resident: int, status: str = "200") -> Says:
    left = list(resident)

    def says(_: str, argv: tuple[str, ...]) -> object:
        return {"counts": {status: 200}} if argv[0] == "beside" else {"resident": left.pop(0)}

    return says


MIB = 1024 * 1024
LEAKING = tuple(range(80 * MIB, 170 * MIB, 10 * MIB))


@pytest.mark.parametrize(
    ("says", "verdict", "text"),
    [
        (growing(80 * MIB, 81 * MIB, 81 * MIB, 90 * MIB), P, "api 0.0 KiB"),
        (growing(*LEAKING), R, "api keeps 51 KiB for each request to /health and /notes"),
        (growing(*LEAKING[:6], 131 * MIB), P, "api 5.1 KiB"),
        (growing(*LEAKING, status="0"), U, "most requests to api were not answered"),
    ],
)
def test_memory_that_grows_in_each_round_leaks(says: Says, verdict: Verdict, text: str) -> None:
    stack = replace(STACK, metered=Metered("api", "/notes", "http_requests_total"))
    judgement = judged(memory_steady.CLAIM, fake_telling.Telling(stack=stack, says=says))
    assert judgement.verdict is verdict
    assert text in judgement.because


def test_only_the_health_path_is_asked_where_no_other_is_known() -> None:
    measured = memory_steady.CLAIM.measure(FakeBench(Telling(says=growing(1, 1, 1, 1))))
    assert measured.observed["services"][0]["paths"] == ["/health"]


def test_without_a_web_application_nobody_is_asked() -> None:
    with pytest.raises(Unmeasurable, match="No web application"):
        memory_steady.CLAIM.measure(FakeBench(fake_telling.Telling(stack=replace(STACK, services=(REDIS, WORKER)))))


ROOT = "20 1 0:50 / / rw - overlay overlay rw"
TMP = "21 20 0:51 / /tmp rw - tmpfs tmpfs rw"
DATA = "22 20 8:1 /volumes/shop-prod-redis/_data /data rw - ext4 /dev/sda1 rw"
APP = "23 20 8:1 /volumes/shop-prod-data/_data /app/data rw - ext4 /dev/sda1 rw"
BIND = "24 20 8:1 /root/folder /app/data rw - ext4 /dev/sda1 rw"


def mounted(*lines: str, cwd: str = "/data", writable: int = 0, there: int = 0) -> Says:
    def says(_: str, argv: tuple[str, ...]) -> object:
        if argv[0] == "cat":
            return "\n".join((ROOT, TMP, *lines, "nonsense"))
        if argv[0] == "readlink":
            return f"{cwd}\n"
        return writable if "-w" in argv[2] else there

    return says


@pytest.mark.parametrize(
    ("says", "verdict", "text"),
    [
        (mounted(DATA, APP), P, "on volumes: redis /data, api /app/data/app.db"),
        (mounted(DATA, APP, there=1), P, "api /app/data/app.db"),
        (mounted(DATA, APP, cwd="/tmp"), R, "redis: its data (/tmp) is on no volume: /tmp is tmpfs (/)"),
        (mounted(DATA, APP, cwd="/var/lib/18"), R, "redis: its data (/var/lib/18) is on no volume: / is overlay"),
        (mounted(DATA, BIND), R, "api: a volume (/app/data) is on no volume: /app/data is ext4 (/root/folder)"),
        (mounted(DATA, APP, writable=1), R, "api: a volume (/app/data) cannot be written by its own user"),
    ],
)
def test_what_is_stored_lies_on_its_volume(says: Says, verdict: Verdict, text: str) -> None:
    judgement = judged(volumes_hold.CLAIM, Telling(says=says))
    assert judgement.verdict is verdict
    assert text in judgement.because


def test_a_database_on_another_volume_is_not_looked_for() -> None:
    stack = replace(STACK, sqlite=("@{volume.other}/app.db",))
    measured = volumes_hold.CLAIM.measure(
        FakeBench(fake_telling.Telling(stack=stack, says=mounted(DATA, APP)), shop=FakeWorkshop())
    )
    assert [row["what"] for row in measured.observed["places"]] == ["a volume", "its data", "a volume"]


def test_a_store_without_data_of_its_own_has_its_volumes_alone() -> None:
    stack = replace(STACK, services=(API,), sqlite=())
    assert (
        "on volumes: api /app/data"
        in judged(volumes_hold.CLAIM, fake_telling.Telling(stack=stack, says=mounted(APP))).because
    )


def test_without_volumes_in_use_nothing_is_known() -> None:
    assert judged(volumes_hold.CLAIM, fake_telling.Telling(stack=replace(STACK, services=(WORKER,)))).verdict is U


def test_a_container_that_cannot_be_read_is_a_tool_that_failed() -> None:
    with pytest.raises(ToolFailed, match="cat failed in redis"):
        volumes_hold.CLAIM.measure(FakeBench(Telling(says=lambda *_: 1), shop=FakeWorkshop()))


GIVEN = (
    Assignment("URL", "redis://@{redis.host}", settable=False),
    Assignment("PLAIN", "a@{at}b$c", settable=False),
    Assignment("LEVEL", "INFO", settable=True),
    Assignment("TOKEN", "@{reveal.token}", settable=False),
    Assignment("NEVER", None, settable=False),
)


@pytest.mark.parametrize(
    ("named", "plain", "verdict", "text"),
    [
        (["URL", "PLAIN"], "a@b$c", P, "8 variables arrived in api, worker"),
        (["URL", "PLAIN"], "a@b", R, "api: PLAIN is 'a@b' in its process, and not 'a@b$c'"),
        (["PLAIN"], "a@b$c", R, "api: URL is not set in its process"),
    ],
)
def test_variables_arrive(named: list[str], plain: str, verdict: Verdict, text: str) -> None:
    own = [replace(each, environment=GIVEN) for each in (API, WORKER)]
    running = fake_telling.Telling(
        stack=replace(STACK, services=(REDIS, *own)), says=lambda *_: {"held": {"PLAIN": plain}, "named": named}
    )
    judgement = judged(variables_arrive.CLAIM, running)
    assert judgement.verdict is verdict
    assert text in judgement.because


def test_without_code_of_its_own_no_process_is_asked() -> None:
    with pytest.raises(Unmeasurable, match="Python"):
        variables_arrive.CLAIM.measure(FakeBench(fake_telling.Telling(stack=replace(STACK, services=(REDIS,)))))


PORTS = json.dumps({"ports": {"good": 9, "it is answered 404": 7, "nobody listens": 8}})
HTTP = ["CMD", "python", "probe.py", "http", "8000", "/health"]
FILE = ["CMD", "python", "probe.py", "heartbeat", "/tmp/beat", "10"]


def compose(**tests: object) -> tuple[Artifact, ...]:
    given: dict[str, object] = {"redis": None, "api": HTTP, "worker": FILE, **tests}
    services = {name: {"healthcheck": {"test": test}} for name, test in given.items()}
    return (Artifact("deploy/compose.prod.yaml", yaml.safe_dump({"services": services})),)


def probing(*passes: str) -> Says:
    """A probe passes where one of its words is among these."""
    return lambda _, argv: {"asked": {}} if argv[0] == "beside" else int(not set(passes) & set(argv))


@pytest.mark.parametrize(
    ("says", "tests", "verdict", "text"),
    [
        (probing("9", "/tmp/beat"), {}, P, "api, worker: 4 wrong answers, and each check failed"),
        (
            probing("9", "7", "/tmp/beat"),
            {},
            R,
            "check of api cannot fail: it passes where it is answered 404 (`python",
        ),
        (
            probing("9", "/tmp/beat", "/etc/passwd"),
            {},
            R,
            "check of worker cannot fail: it passes where the file is old",
        ),
        (probing("9"), {"api": ["CMD", "true"]}, R, "the health check of api does not ask port 8000: `true`"),
        (probing("9"), {"worker": ["CMD", "true"]}, R, "check of worker does not ask the file beat: `true`"),
        (probing("9"), {}, U, "the check fails beside a server that answers rightly, too: worker (exit code 1)"),
        (probing(), {"api": None, "worker": None}, U, "no service has a health check"),
    ],
)
def test_health_checks_can_fail(says: Says, tests: dict[str, object], verdict: Verdict, text: str) -> None:
    running = Telling(says=says, lines=["noise", PORTS])
    judgement = judged(health_can_fail.CLAIM, running, compose(**tests))
    assert judgement.verdict is verdict
    assert text in judgement.because


def test_the_newest_dump_must_be_there_and_young() -> None:
    backup = replace(REDIS, name="backup", role="backup", health=Health("backup", "/backup.sh"))
    running = fake_telling.Telling(stack=replace(STACK, services=(backup,)), says=probing("fresh"))
    because = judged(health_can_fail.CLAIM, running, compose(backup=["CMD", "sh", "/backup.sh", "fresh"])).because
    assert "cannot fail: it passes where there is no dump and where the newest dump is old" in because


def test_no_right_answer_over_tls_is_asked_for() -> None:
    api = replace(API, health=Health("https", "/health", 8000))
    running = fake_telling.Telling(stack=replace(STACK, services=(api,)), says=probing(), lines=[PORTS])
    assert judged(health_can_fail.CLAIM, running, compose()).verdict is P


def test_a_server_that_does_not_come_up_is_a_tool_that_failed() -> None:
    bench = FakeBench(Telling(says=probing()), shop=FakeWorkshop(), artifacts=compose())
    with pytest.raises(ToolFailed, match="No server could be put beside api"):
        health_can_fail.CLAIM.measure(bench)


@pytest.mark.parametrize("claim", [health_can_fail.CLAIM, volumes_hold.CLAIM], ids=lambda claim: claim.id)
def test_without_an_engine_there_is_no_container_to_ask(claim: Claim) -> None:
    with pytest.raises(Unmeasurable, match="no container engine"):
        claim.measure(FakeBench(Telling()))
