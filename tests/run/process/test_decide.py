"""The supervisor's decisions: gating, health, delays, outcome."""

from dataclasses import replace

import pytest

from stackproof.model.running import ServiceState
from stackproof.model.stack import Health, Need
from stackproof.run.process.decide import (
    Vital,
    delay,
    dependents,
    exit_code,
    gate,
    probed,
    settled,
    trouble,
    until_next_probe,
)
from stackproof.run.process.launch import Launch

HEALTH = Health("http", "/health", 8000, interval=5.0, retries=2, start_period=60.0, start_interval=0.25)
REDIS = ServiceState("redis", "running", "healthy")
LAUNCH = Launch("web", ("web",), {}, "/", "/tmp/x", HEALTH, (Need("redis"),), 10.0, "unless-stopped")


@pytest.mark.parametrize(
    ("condition", "state", "answer"),
    [
        ("healthy", REDIS, "open"),
        ("healthy", replace(REDIS, health="starting"), "wait"),
        ("healthy", replace(REDIS, health="unhealthy"), "wait"),
        ("healthy", replace(REDIS, health="none"), "open"),  # has no check: running is all there is to see
        ("healthy", replace(REDIS, health="none", status="exited"), "wait"),
        ("started", replace(REDIS, health="starting"), "open"),
        ("started", replace(REDIS, status="waiting"), "wait"),
        ("completed", REDIS, "wait"),
        ("completed", replace(REDIS, status="exited", exit_code=0), "open"),
        ("completed", replace(REDIS, status="exited", exit_code=1), "never"),
    ],
)
def test_a_service_starts_when_its_need_is_met(condition: str, state: ServiceState, answer: str) -> None:
    need = Need("redis", condition)  # type: ignore[arg-type]
    assert gate((need,), {"redis": state}) == answer


def test_every_need_must_be_met() -> None:
    needs = (Need("redis"), Need("migrate", "completed"))
    states = {"redis": replace(REDIS, health="starting"), "migrate": replace(REDIS, status="exited", exit_code=1)}
    assert gate(needs, states) == "never"
    assert gate(needs, {**states, "migrate": replace(REDIS, status="exited", exit_code=0)}) == "wait"
    assert gate((), states) == "open"


def test_failures_while_starting_do_not_count() -> None:
    assert probed(Vital(), ok=False, age=59.0, health=HEALTH) == Vital()


def test_after_the_start_period_the_retries_count() -> None:
    once = probed(Vital(), ok=False, age=61.0, health=HEALTH)
    assert once == Vital("starting", 1)
    assert probed(once, ok=False, age=66.0, health=HEALTH).health == "unhealthy"


def test_once_healthy_the_start_period_is_over() -> None:
    well = probed(Vital(), ok=True, age=1.0, health=HEALTH)
    assert well == Vital("healthy")
    failing = probed(well, ok=False, age=2.0, health=HEALTH)
    assert failing == Vital("healthy", 1)
    assert probed(failing, ok=True, age=7.0, health=HEALTH) == Vital("healthy")
    assert probed(failing, ok=False, age=7.0, health=HEALTH).health == "unhealthy"


def test_it_asks_often_only_while_starting() -> None:
    assert until_next_probe(Vital(), 0.0, HEALTH) == 0.02
    assert until_next_probe(Vital(), 1.0, HEALTH) == 0.1
    assert until_next_probe(Vital(), 9.0, HEALTH) == 0.25
    assert until_next_probe(Vital(), 60.0, HEALTH) == 1.0
    assert until_next_probe(Vital("healthy"), 1.0, HEALTH) == 1.0
    assert until_next_probe(Vital("healthy"), 1.0, replace(HEALTH, interval=0.5)) == 0.5


def test_the_delay_doubles_to_a_minute_and_begins_anew_after_a_steady_run() -> None:
    delays = [0.0]
    for _ in range(12):
        delays.append(delay(delays[-1], ran=0.5))
    assert delays[1:4] == [0.1, 0.2, 0.4]
    assert delays[-1] == 60.0
    assert delay(60.0, ran=10.0) == 0.1


@pytest.mark.parametrize(
    ("state", "because"),
    [
        (ServiceState("web", "waiting", "starting"), ""),
        (ServiceState("web", "running", "starting"), ""),
        (ServiceState("web", "exited", "none", exit_code=0), ""),
        (ServiceState("web", "exited", "none", exit_code=3), "exited with code 3 before it was healthy"),
        (ServiceState("web", "restarting", "none", exit_code=0), "exited with code 0 before it was healthy"),
        (ServiceState("web", "running", "unhealthy"), "became unhealthy"),
    ],
)
def test_what_counts_as_a_failed_start(state: ServiceState, because: str) -> None:
    assert trouble(LAUNCH, state) == because


def test_what_counts_as_up() -> None:
    once = replace(LAUNCH, restart="no")
    assert settled(LAUNCH, ServiceState("web", "running", "healthy"))
    assert settled(LAUNCH, ServiceState("web", "running", "none"))
    assert not settled(LAUNCH, ServiceState("web", "running", "starting"))
    assert not settled(LAUNCH, ServiceState("web", "exited", "none", exit_code=0))
    assert settled(once, ServiceState("web", "exited", "none", exit_code=0))


def test_dependents_stop_first() -> None:
    assert dependents("redis", (LAUNCH, replace(LAUNCH, name="redis", needs=()))) == ("web",)


def test_an_exit_code_reads_as_a_container_reports_it() -> None:
    assert [exit_code(raw) for raw in (0, 3, -9, -15)] == [0, 3, 137, 143]


def test_a_job_that_fails_says_so() -> None:
    job = replace(LAUNCH, restart="no", one_shot=True)
    assert trouble(job, ServiceState("web", "exited", "none", exit_code=3)) == "failed with exit code 3"
    assert trouble(job, ServiceState("web", "exited", "none", exit_code=0)) == ""
    assert settled(job, ServiceState("web", "exited", "none", exit_code=0))
    assert not settled(job, ServiceState("web", "running", "none"))
