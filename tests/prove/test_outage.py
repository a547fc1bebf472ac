"""Faults in one service after another, on a stack whose time is ours, healthy and broken."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

import pytest

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Json, Judgement, Measurement, Verdict
from stackproof.model.stack import Bounds, Shared, Stack
from stackproof.prove import (
    memory_used_up,
    names_lost,
    network_cut,
    service_hung,
    service_killed,
    store_late,
    store_slow,
    worker_process_hung,
    writes_refused,
)
from stackproof.prove.meanwhile import Asked
from tests.prove.fake_proxy import BEHIND, FakeProxied
from tests.prove.fake_running import API, STACK, TASK, FakeBench, FakeRunning

CONNECTED = replace(STACK, services=tuple(replace(each, networks=("back",)) for each in STACK.services))
CLAIMS = (
    service_killed.CLAIM,
    service_hung.CLAIM,
    network_cut.CLAIM,
    store_late.CLAIM,
    memory_used_up.CLAIM,
    names_lost.CLAIM,
    store_slow.CLAIM,
    writes_refused.CLAIM,
)
NOTES = Shared("api", "/notes", "{}", "/health")


@contextmanager
def beside(ask: object) -> Iterator[Asked]:
    """One request before what happens, and one after it."""
    assert callable(ask)
    answers: Asked = [ask()]
    yield answers
    answers.append(ask())


def measured(claim: Claim, up: FakeRunning) -> Measurement:
    return claim.measure(FakeBench(up), up.ask, beside)


def judged(claim: Claim, up: FakeRunning) -> Judgement:
    """From the numbers as they are read back from a record."""
    found = measured(claim, up)
    return claim.judge(replace(found, observed=json.loads(json.dumps(found.observed))), Bounds())


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_healthy_stack_is_proved_and_everything_is_put_back(claim: Claim) -> None:
    up = FakeRunning(CONNECTED)
    judgement = judged(claim, up)
    assert judgement.verdict is Verdict.PROVED, judgement.because
    assert not up.gone
    assert "accepted writes lost" in judgement.because


def test_what_is_seen_of_each_service() -> None:
    found = measured(network_cut.CLAIM, FakeRunning(CONNECTED))
    rows = cast(list[dict[str, Json]], found.observed["rows"])
    assert [row["service"] for row in rows] == ["redis", "api", "worker"]
    assert rows[0]["red"] == {"redis": 0.0, "api": 3.0, "worker": 3.0}
    assert (rows[0]["broke"], rows[0]["asked"], rows[0]["written"], rows[0]["lost"]) == (0, 2, 3, 0)
    assert rows[0]["back"] == 3.0


BROKEN = (
    (service_killed.CLAIM, FakeRunning(restarts_killed=False), "redis was killed, and it was not over by itself"),
    (
        service_hung.CLAIM,
        FakeRunning(never_back=frozenset({"api"})),
        "api hung, and it was not over by itself afterwards",
    ),
    (service_hung.CLAIM, FakeRunning(numb=frozenset({"api"})), "api hung, and its health stayed green for 90 s"),
    (
        network_cut.CLAIM,
        FakeRunning(CONNECTED, loses=True),
        "worker was cut off from the network, and 2 of 3 writes accepted",
    ),
    (network_cut.CLAIM, FakeRunning(CONNECTED, stays_red=frozenset({"worker"})), "worker is unhealthy"),
    (writes_refused.CLAIM, FakeRunning(CONNECTED, loses=True), "worker could write nothing to its volume, and 2 of"),
    (memory_used_up.CLAIM, FakeRunning(restarts_killed=False), "redis ran out of memory, and it was not over by"),
    (names_lost.CLAIM, FakeRunning(CONNECTED, loses=True), "worker found nobody by name, and 2 of 3 writes"),
    (
        store_slow.CLAIM,
        FakeRunning(CONNECTED, never_back=frozenset({"redis"})),
        "redis was on a slow line, and it was not over by itself",
    ),
)


@pytest.mark.parametrize(("claim", "up", "because"), BROKEN, ids=[f"{claim.id}: {why}" for claim, _, why in BROKEN])
def test_a_broken_stack_is_refuted_by_its_cause(claim: Claim, up: FakeRunning, because: str) -> None:
    judgement = judged(claim, up)
    assert judgement.verdict is Verdict.REFUTED
    assert because in judgement.because


def test_who_has_ended_for_good_is_not_waited_for() -> None:
    once = replace(STACK, services=(STACK.services[0], replace(API, restart="no"), STACK.services[2]))
    up = FakeRunning(once, never_back=frozenset({"api"}))
    judgement = judged(service_hung.CLAIM, up)
    assert "api has ended (exit code None), and nothing starts it again" in judgement.because
    assert up.clock < 30


def test_what_is_broken_already_is_not_broken_again() -> None:
    found = measured(service_hung.CLAIM, FakeRunning(never_back=frozenset({"redis"})))
    assert len(cast(list[Json], found.observed["rows"])) == 1


def test_nothing_is_looked_for_in_what_stays_broken() -> None:
    found = measured(service_hung.CLAIM, FakeRunning(never_back=frozenset({"api"})))
    rows = cast(list[dict[str, Json]], found.observed["rows"])
    assert [(row["service"], row["back"] is None, row["lost"]) for row in rows] == [
        ("redis", False, 0),
        ("api", True, 0),
    ]


def test_an_entrance_that_stays_silent_is_named() -> None:
    up = FakeRunning(replace(STACK, services=(STACK.services[0], replace(API, needs=()))), silent=True)
    assert "GET http://api/health is answered 502" in judged(store_late.CLAIM, up).because


def test_without_a_recipe_for_writing_it_stays_unmeasured() -> None:
    judgement = judged(store_late.CLAIM, FakeRunning(replace(STACK, task=None)))
    assert (judgement.verdict, "see [prove.task]" in judgement.because) == (Verdict.UNMEASURED, True)


def test_what_is_not_accepted_is_not_counted() -> None:
    found = measured(store_late.CLAIM, FakeRunning(replace(STACK, task=replace(TASK, id_field="none"))))
    assert found.observed["rows"][0]["written"] == 0
    refused = replace(NOTES, id_field="none")
    found = measured(store_late.CLAIM, FakeRunning(replace(STACK, task=None, shared=(refused,))))
    assert found.observed["rows"][0]["written"] == 0


def test_a_job_is_not_waited_for() -> None:
    job = replace(API, name="migrate", role="job", one_shot=True, restart="no")
    up = FakeRunning(replace(STACK, services=(*STACK.services, job)), stays_red=frozenset({"migrate"}))
    assert judged(service_killed.CLAIM, up).verdict is Verdict.PROVED


def test_rows_are_read_again() -> None:
    up = FakeRunning(replace(STACK, task=None, shared=(NOTES,)))
    judgement = judged(store_late.CLAIM, up)
    assert (judgement.verdict, "0 of 3 accepted writes lost" in judgement.because) == (Verdict.PROVED, True)
    gone = replace(NOTES, read="/none")
    judgement = judged(store_late.CLAIM, FakeRunning(replace(STACK, task=None, shared=(gone,))))
    assert (
        "3 of 3 writes accepted around it are lost: what POST /notes wrote: GET /none is answered 404"
        in judgement.because
    )


@pytest.mark.parametrize(
    ("stack", "why"),
    [
        (replace(STACK, services=(replace(API, health=None, needs=()),)), "No service that this can happen to"),
        (replace(STACK, services=(replace(API, publish=None, needs=()),)), "Nothing of the stack can be asked"),
    ],
)
def test_nothing_to_break_or_to_ask(stack: Stack, why: str) -> None:
    with pytest.raises(Unmeasurable, match=why):
        measured(service_hung.CLAIM, FakeRunning(stack))


def test_behind_a_proxy_each_service_is_asked_through_it() -> None:
    up = FakeProxied(replace(BEHIND, task=None))
    measured(service_killed.CLAIM, up)
    assert {name for name, _ in up.killed} == {"redis", "api", "frontend", "proxy"}


def test_without_its_proxy_what_it_leads_to_is_asked() -> None:
    bare = replace(STACK, services=(STACK.services[0], replace(API, publish=None)))
    bench = FakeBench(FakeRunning(replace(bare, proxy=BEHIND.proxy)))
    found = service_killed.CLAIM.measure(bench, bench.up.ask, beside)
    assert len(found.observed["rows"]) == 2


def test_it_applies_where_it_can_happen() -> None:
    assert service_killed.CLAIM.applies(STACK)
    assert not network_cut.CLAIM.applies(STACK)
    assert not names_lost.CLAIM.applies(STACK)
    assert not store_slow.CLAIM.applies(STACK)
    assert memory_used_up.CLAIM.applies(STACK)
    assert not worker_process_hung.CLAIM.applies(STACK)


GUNICORN = replace(STACK, services=(STACK.services[0], replace(API, command=("gunicorn", "shop:app"))))


@pytest.mark.parametrize(
    ("up", "verdict", "because"),
    [
        (FakeRunning(GUNICORN), Verdict.PROVED, "api: replaced after 30.0 s"),
        (FakeRunning(GUNICORN, replaces_in=1e9), Verdict.REFUTED, "api had a worker process that hung, and nothing"),
        (FakeRunning(GUNICORN, stays_red=frozenset({"api"})), Verdict.REFUTED, "api was not healthy after that"),
    ],
)
def test_a_worker_process_that_hangs(up: FakeRunning, verdict: Verdict, because: str) -> None:
    claim = worker_process_hung.CLAIM
    judgement = claim.judge(claim.measure(FakeBench(up)), Bounds())
    assert judgement.verdict is verdict
    assert because in judgement.because
