"""Claims about a running stack, measured on one whose time is ours, healthy and broken."""

from dataclasses import replace

import pytest

from stackproof.errors import ToolFailed, Unmeasurable
from stackproof.model.proof import Claim, Judgement, Measurement, Verdict
from stackproof.model.running import Attempt, Event, LimitsFound, ServiceState
from stackproof.model.stack import Assignment, Health, Service
from stackproof.prove import (
    health_answers,
    healthy_in_time,
    least_privilege,
    limits_in_force,
    logs_to_stdout,
    ports,
    queues_consumed,
    start_order,
    task_round_trip,
)
from tests.prove.fake_running import API, MIB, REDIS, STACK, WORKER, FakeBench, FakeRunning


def judged(claim: Claim, up: FakeRunning) -> Judgement:
    """Measured with the fake's own HTTP answers where the claim asks for any."""
    return claim.judge(measured(claim, up), up.stack.bounds)


def measured(claim: Claim, up: FakeRunning) -> Measurement:
    asks = (health_answers, task_round_trip, logs_to_stdout)
    if claim.id in {module.CLAIM.id for module in asks}:
        return claim.measure(FakeBench(up), up.ask)
    return claim.measure(FakeBench(up))


def changed(*services: Service) -> FakeRunning:
    return FakeRunning(replace(STACK, services=services))


def without(name: str, what: str) -> tuple[Event, ...]:
    return tuple(event for event in FakeRunning().happened if (event.service, event.what) != (name, what))


HEALTHY = (
    (healthy_in_time.CLAIM, "3 services healthy; the last after 3.4 s (worker last). api waited for redis (0.8 s)"),
    (start_order.CLAIM, "api started 0.10 s after redis was healthy; worker started 0.20 s after redis was healthy"),
    (health_answers.CLAIM, "200 from api /health"),
    (least_privilege.CLAIM, "3 processes in 3 services run as user 10001"),
    (limits_in_force.CLAIM, "9 limits of 3 services are in force"),
    (ports.CLAIM, "1 other ways stay closed"),
    (task_round_trip.CLAIM, "the task was done 0.30 s after"),
    (queues_consumed.CLAIM, "transcripts: worker after 0.02 s; videos: worker after 0.02 s"),
    (logs_to_stdout.CLAIM, "the request for a marked path (api), the task that was done (worker)"),
)


@pytest.mark.parametrize(("claim", "because"), HEALTHY, ids=[claim.id for claim, _ in HEALTHY])
def test_a_healthy_stack_is_proved(claim: Claim, because: str) -> None:
    judgement = judged(claim, FakeRunning())
    assert judgement.verdict is Verdict.PROVED, judgement.because
    assert because in judgement.because


LATE = (FakeRunning().happened[0], *(replace(event, at=event.at + 40) for event in FakeRunning().happened[1:]))
EARLY = (Event(0.1, "redis", "started"), Event(0.2, "api", "started"), Event(0.9, "redis", "healthy"))
BROKEN = (
    (healthy_in_time.CLAIM, FakeRunning(happened=LATE), "redis was healthy only after 40.8 s"),
    (healthy_in_time.CLAIM, FakeRunning(absent=frozenset({"worker"})), "worker is in the stack and was never started"),
    (healthy_in_time.CLAIM, FakeRunning(stays_red=frozenset({"api"})), "api is running and unhealthy"),
    (healthy_in_time.CLAIM, FakeRunning(happened=without("api", "healthy")), "no event says since when"),
    (healthy_in_time.CLAIM, changed(REDIS, replace(API, health=None), WORKER), "api has no health check"),
    (start_order.CLAIM, FakeRunning(happened=EARLY), "api started 0.70 s before redis was healthy"),
    (start_order.CLAIM, changed(REDIS, replace(API, needs=()), WORKER), "api talks to redis (REDIS_URL), but does not"),
    (start_order.CLAIM, FakeRunning(absent=frozenset({"api"})), "api is in the stack and does not run"),
    (health_answers.CLAIM, FakeRunning(redirects=True), "answered 307, a redirect to /health/"),
    (health_answers.CLAIM, FakeRunning(catch_all=True), "a catch-all answer proves nothing"),
    (health_answers.CLAIM, FakeRunning(gone={"redis": 0.0}), "api: /health (inside) is answered 503"),
    (least_privilege.CLAIM, FakeRunning(uid=0), "redis (process 7, redis --serve) runs as root"),
    (
        limits_in_force.CLAIM,
        FakeRunning(limited=LimitsFound(None, None, None, ())),
        "redis: memory is not limited at all (stated: 256 MiB)",
    ),
    (
        limits_in_force.CLAIM,
        FakeRunning(limited=LimitsFound(512 * MIB, 0.5, 64, ())),
        "redis: memory is limited to 512 MiB and not to 256 MiB",
    ),
    (
        ports.CLAIM,
        FakeRunning(tried=(Attempt("api", 9000, "host 127.0.0.1:9000", opened=True, intended=False),)),
        "api:9000 over host 127.0.0.1:9000 opened, and nobody means it to",
    ),
    (
        ports.CLAIM,
        FakeRunning(tried=(Attempt("api", 8000, "host 127.0.0.1:8200", opened=False, intended=True),)),
        "did not open, although it is published",
    ),
    (
        ports.CLAIM,
        FakeRunning(tried=(Attempt("redis", 6379, "host 0.0.0.0:6379", True, True),)),
        "a store can be reached",
    ),
    (task_round_trip.CLAIM, FakeRunning(quick=99.0), "after 45 s the task is still processing"),
    (
        queues_consumed.CLAIM,
        FakeRunning(unconsumed="videos"),
        "nobody drains the queue videos: a message for shop.videos",
    ),
    (logs_to_stdout.CLAIM, FakeRunning(quiet=frozenset({"api"})), "api: the request for a marked path left no line"),
    (logs_to_stdout.CLAIM, FakeRunning(quiet=frozenset({"worker"})), "worker: the task that was done left no line"),
    (logs_to_stdout.CLAIM, FakeRunning(quiet=frozenset({"redis"})), "redis has written nothing to standard output"),
    (logs_to_stdout.CLAIM, FakeRunning(log_file=True), "api logs to a file: /tmp/app.log (0 to"),
)


@pytest.mark.parametrize(("claim", "up", "because"), BROKEN, ids=[f"{claim.id}: {why}" for claim, _, why in BROKEN])
def test_a_broken_stack_is_refuted_by_its_cause(claim: Claim, up: FakeRunning, because: str) -> None:
    judgement = judged(claim, up)
    assert judgement.verdict is Verdict.REFUTED
    assert because in judgement.because


def test_a_task_is_waited_for_as_long_as_the_user_says() -> None:
    impatient = replace(STACK, bounds=replace(STACK.bounds, task_seconds=5.0))
    judgement = judged(task_round_trip.CLAIM, FakeRunning(impatient, quick=99.0))
    assert (judgement.because, judgement.limit) == ("after 5 s the task is still processing", "5 s")


def test_nobody_waits_for_what_only_watches() -> None:
    told = Assignment("OTEL_EXPORTER_OTLP_ENDPOINT", "http://@{jaeger.host}:4318", settable=False)
    jaeger = replace(REDIS, name="jaeger", role="observe", profiles=("monitoring",))
    up = changed(REDIS, replace(API, environment=(*API.environment, told)), WORKER, jaeger)
    up.absent = frozenset({"jaeger"})
    assert judged(start_order.CLAIM, up).verdict is Verdict.PROVED


class TwoWorkers(FakeRunning):
    """The second of which gets all the messages."""

    def states(self) -> tuple[ServiceState, ...]:
        states = super().states()
        return (*states, *(replace(state, replica=2) for state in states if state.name == "worker"))

    def logs(self, service: str, replica: int = 1) -> str:
        return "started\n" if (service, replica) == ("worker", 1) else super().logs(service, replica)


@pytest.mark.parametrize("claim", [queues_consumed.CLAIM, logs_to_stdout.CLAIM], ids=["queues", "logs"])
def test_any_replica_may_have_got_the_task(claim: Claim) -> None:
    assert judged(claim, TwoWorkers()).verdict is Verdict.PROVED


UNSURE = (
    (start_order.CLAIM, FakeRunning(happened=without("api", "started")), "no event that says when api started"),
    (start_order.CLAIM, FakeRunning(happened=without("redis", "healthy")), "no event that says when redis was healthy"),
    (ports.CLAIM, FakeRunning(tried=()), "no connection to redis:6379 was tried"),
    (queues_consumed.CLAIM, FakeRunning(quiet=frozenset({"worker"})), "no worker's log holds its id"),
)


@pytest.mark.parametrize(("claim", "up", "because"), UNSURE, ids=[f"{claim.id}: {why}" for claim, _, why in UNSURE])
def test_what_the_runtime_does_not_say_stays_unmeasured(claim: Claim, up: FakeRunning, because: str) -> None:
    judgement = judged(claim, up)
    assert judgement.verdict is Verdict.UNMEASURED
    assert because in judgement.because


def test_a_service_with_a_profile_counts_only_where_it_runs() -> None:
    flower = replace(API, name="flower", role="monitor", profiles=("monitoring",))
    up = FakeRunning(replace(STACK, services=(*STACK.services, flower)), absent=frozenset({"flower"}))
    assert judged(start_order.CLAIM, up).verdict is Verdict.PROVED


def test_no_order_is_no_proof_of_order() -> None:
    alone = replace(API, environment=(), needs=())
    assert judged(start_order.CLAIM, changed(alone)).verdict is Verdict.UNMEASURED


def test_an_unpublished_service_is_asked_from_inside_alone() -> None:
    measurement = measured(health_answers.CLAIM, changed(REDIS, replace(API, publish=None), WORKER))
    assert [row["way"] for row in measurement.observed["answers"]] == ["inside"]
    assert health_answers.CLAIM.judge(measurement, STACK.bounds).verdict is Verdict.PROVED
    assert measurement.raw[0].argv == ("python", "-c", "<http_answer>")


def test_a_script_that_fails_inside_is_a_failed_tool() -> None:
    with pytest.raises(ToolFailed, match=r"celery_queues\) ended with code 1\nImportError: shop"):
        measured(queues_consumed.CLAIM, FakeRunning(breaks="run"))


def test_no_task_described_names_the_setting() -> None:
    with pytest.raises(Unmeasurable) as caught:
        measured(task_round_trip.CLAIM, FakeRunning(replace(STACK, task=None)))
    assert "[prove.task]" in caught.value.fix


def test_logs_without_a_task_described_are_still_measured() -> None:
    assert judged(logs_to_stdout.CLAIM, FakeRunning(replace(STACK, task=None))).verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("claim", "up"),
    [
        (health_answers.CLAIM, changed(REDIS, replace(API, health=Health("heartbeat", "x")))),
        (queues_consumed.CLAIM, FakeRunning(replace(STACK, celery=None))),
        (queues_consumed.CLAIM, changed(REDIS, API)),
    ],
)
def test_a_stack_without_the_part_has_nothing_to_measure(claim: Claim, up: FakeRunning) -> None:
    with pytest.raises(Unmeasurable):
        measured(claim, up)
