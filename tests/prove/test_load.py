"""Figures of an open loop, and the claims that are judged by them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Claim, Judgement, Measurement, Verdict
from stackproof.model.stack import Bounds, Metered, Pace
from stackproof.prove import load_figures, load_kept, prove, rolling_restart, under_load
from stackproof.tools.open_loop import Shot
from tests.prove import fakes
from tests.prove.fake_proxy import BEHIND, FakeProxied
from tests.prove.fake_running import API, STACK, FakeBench, FakeRunning

GOOD = tuple(Shot(number / 10, 0.001, 0.02, 200) for number in range(100))
REFUSED = Shot(5.05, 0.0, 0.001, 503)
DROPPED = Shot(5.06, 0.0, 0.4, 0, "ServerDisconnectedError")
LIMITS = Bounds(load_p95_ms=100.0)


@dataclass
class Sender:
    """Stands in for the generator: remembers what it was asked, and has sent `shots`."""

    shots: Sequence[Shot] = GOOD
    asked: list[tuple[tuple[str, ...], float, dict[str, str]]] = field(default_factory=list)

    @contextmanager
    def __call__(self, urls: Sequence[str], rate: float, headers: Mapping[str, str]) -> Iterator[list[Shot]]:
        self.asked.append((tuple(urls), rate, dict(headers)))
        shots: list[Shot] = []
        yield shots
        shots.extend(self.shots)


def judged(
    claim: Claim, up: FakeRunning, shots: Sequence[Shot] = GOOD, bounds: Bounds = LIMITS
) -> tuple[Judgement, Measurement]:
    """From what a record would hold."""
    found = claim.measure(FakeBench(up), Sender(shots))
    stored = replace(found, observed=json.loads(json.dumps(found.observed)))
    return claim.judge(stored, bounds), stored


def asked(up: FakeRunning) -> tuple[str, ...]:
    send = Sender()
    load_kept.CLAIM.measure(FakeBench(up), send)
    return send.asked[0][0]


@pytest.mark.parametrize(
    ("values", "share", "is_"),
    [((), 50, None), ((7.0,), 1, 7.0), ((4.0, 1.0, 3.0, 2.0), 50, 2.0), (range(1, 101), 99, 99), (range(100), 100, 99)],
)
def test_a_percentile_is_one_of_the_values(values: Sequence[float], share: float, is_: float | None) -> None:
    assert load_figures.percentile(values, share) == is_


def test_every_second_has_its_figures_and_an_empty_one_too() -> None:
    shots = [Shot(0.1, 0.0, 0.01, 200), Shot(0.2, 0.0, 0.03, 204), Shot(2.9, 0.1, 2.1, 200), Shot(2.95, 0.0, 0.1, 404)]
    found: dict[str, Any] = load_figures.figures(shots, load_figures.ANY_ERROR)
    assert found.pop("series") == [
        {"second": 0, "requests": 2, "errors": 0, "p50_ms": 10.0, "p99_ms": 30.0},
        {"second": 1, "requests": 0, "errors": 0, "p50_ms": None, "p99_ms": None},
        {"second": 2, "requests": 2, "errors": 1, "p50_ms": 2100.0, "p99_ms": 2100.0},
    ]
    assert found == {
        "sent": 4, "errors": 1, "kinds": {"status 404": 1}, "per_second": 0.6, "p50_ms": 30.0, "p95_ms": 2100.0,
        "p99_ms": 2100.0, "late_p95_ms": 100.0,
    }  # fmt: skip


def test_an_answer_that_the_application_means_is_no_failure_of_a_restart() -> None:
    found = load_figures.figures([Shot(0.0, 0.0, 0.1, 404), REFUSED, DROPPED], load_figures.SERVER_ERROR)
    assert found["kinds"] == {"status 503": 1, "ServerDisconnectedError": 1}


def test_nothing_sent_has_no_figures() -> None:
    assert load_figures.figures([], 400)["per_second"] == 0.0


def test_the_health_route_and_the_counted_one_are_asked_where_no_paths_are_given() -> None:
    metered = Metered("api", "/videos", "requests_total")
    assert asked(FakeRunning()) == ("http://api/health",)
    assert asked(FakeRunning(replace(STACK, metered=metered))) == ("http://api/health", "http://api/videos")
    assert asked(FakeProxied()) == ("https://127.0.0.1:8643/health",)
    assert asked(FakeRunning(replace(STACK, services=(replace(API, health=None),)))) == ("http://api/",)


def test_given_paths_are_asked_at_the_given_rate() -> None:
    pace = Pace(rate=50.0, seconds=4.0, paths=("/a", "/b"))
    up, send = FakeRunning(replace(STACK, pace=pace, headers=(("X-Key", "k"),))), Sender()
    load_kept.CLAIM.measure(FakeBench(up), send)
    assert send.asked == [(("http://api/a", "http://api/b"), 50.0, {"X-Key": "k"})]
    assert up.clock == 4.0


def test_nobody_to_ask_is_no_measurement() -> None:
    stack = replace(STACK, services=())
    assert not under_load.has_web(stack)
    assert under_load.has_web(STACK)
    with pytest.raises(Unmeasurable, match="runs no web service"):
        judged(load_kept.CLAIM, FakeRunning(stack))


KEPT = (
    ((*GOOD, DROPPED), Bounds(load_error_share=0.01), Verdict.PROVED, "1 failed (1 x ServerDisconnectedError)"),
    (GOOD, LIMITS, Verdict.PROVED, "100 requests, 10.1 answered per second, none failed; p50 20.0 ms, p95 20.0 ms"),
    ((*GOOD, REFUSED, DROPPED), LIMITS, Verdict.REFUTED, "2 of 102 requests failed (1 x status 503, 1 x Server"),
    ((REFUSED,), LIMITS, Verdict.REFUTED, "1 of 1 requests failed"),
    (
        tuple(replace(shot, seconds=0.3) for shot in GOOD),
        LIMITS,
        Verdict.REFUTED,
        "p95 is 300 ms at 20 requests per second of /health",
    ),
    (
        tuple(replace(shot, seconds=0.3, late=0.25) for shot in GOOD),
        LIMITS,
        Verdict.UNMEASURED,
        "this machine sent requests 250 ms too late (p95)",
    ),
    ((REFUSED,), Bounds(load_error_share=0.5), Verdict.REFUTED, "1 of 1 requests failed"),
    ((), LIMITS, Verdict.UNMEASURED, "no request was sent"),
)


@pytest.mark.parametrize(("shots", "bounds", "verdict", "because"), KEPT, ids=[because for *_, because in KEPT])
def test_the_load_is_held_against_the_limits(
    shots: Sequence[Shot], bounds: Bounds, verdict: Verdict, because: str
) -> None:
    judgement, _ = judged(load_kept.CLAIM, FakeRunning(), shots, bounds)
    assert judgement.verdict is verdict
    assert because in judgement.because


def test_limits_are_said() -> None:
    assert judged(load_kept.CLAIM, FakeRunning())[0].limit == "p95 100 ms, errors 0.0%"
    assert judged(load_kept.CLAIM, FakeRunning(), bounds=Bounds(load_error_share=0.01))[0].limit == "errors 1.0%"


def test_without_limits_the_figures_are_shown_and_nothing_is_claimed(tmp_path: Path) -> None:
    _, found = judged(load_kept.CLAIM, FakeRunning())
    claim = replace(load_kept.CLAIM, measure=lambda _: found)
    (item,) = prove([claim], fakes.FakeBench(tmp_path), fakes.quiet)
    assert (item.verdict, item.excused) == (Verdict.UNMEASURED, True)
    assert item.because.startswith("no limit is set: 100 requests")
    assert item.measurement is not None
    assert item.measurement.observed["p95_ms"] == 20.0


def test_each_replica_behind_the_proxy_is_restarted_under_load() -> None:
    up = FakeProxied()
    judgement, found = judged(rolling_restart.CLAIM, up)
    assert judgement.verdict is Verdict.PROVED, judgement.because
    assert judgement.because == "api 1, api 2, frontend 1, frontend 2 restarted under 100 requests; p99 20.0 ms"
    assert found.observed["paths"] == ["/health", "/"]
    assert found.observed["restarted"][0]["from"] == 3.0
    assert not up.gone


def test_a_request_that_fails_meanwhile_refutes_it() -> None:
    up = FakeProxied(stays_red=frozenset({"frontend"}))
    judgement, _ = judged(rolling_restart.CLAIM, up, (*GOOD, DROPPED))
    assert judgement.verdict is Verdict.REFUTED
    assert "frontend 1 was not healthy within 120 s after its restart" in judgement.because
    assert "1 of 101 requests failed (1 x ServerDisconnectedError), the first after" in judgement.because


def test_one_that_fails_before_any_restart_is_not_blamed_on_one() -> None:
    judgement, _ = judged(rolling_restart.CLAIM, FakeProxied(), (replace(DROPPED, at=0.1), *GOOD))
    assert "failed (1 x ServerDisconnectedError), the first before any was stopped" in judgement.because


def test_a_restart_that_nobody_saw_proves_nothing() -> None:
    judgement, _ = judged(rolling_restart.CLAIM, FakeProxied(), ())
    assert (judgement.verdict, judgement.because) == (Verdict.UNMEASURED, "no request was sent")


def test_one_replica_of_each_cannot_be_restarted_unseen() -> None:
    alone = replace(BEHIND, services=tuple(replace(one, replicas=1) for one in BEHIND.services))
    assert rolling_restart.CLAIM.applies(BEHIND)
    assert not rolling_restart.CLAIM.applies(alone)
    assert not rolling_restart.CLAIM.applies(STACK)
    with pytest.raises(Unmeasurable, match="one process of each"):
        judged(rolling_restart.CLAIM, FakeProxied(alone))
