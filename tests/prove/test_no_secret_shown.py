"""Secrets in the open: found wherever the stack shows them, and in our own record, never named by their text."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import cast
from urllib.parse import quote

import pytest

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Evidence, Judgement, Measurement, Verdict
from stackproof.model.running import Bench, Completed
from stackproof.model.stack import Because, Bounds, Secret
from stackproof.prove import no_secret_shown
from tests.prove.fake_running import STACK, FakeBench, FakeRunning

CLAIM = no_secret_shown.CLAIM
TEXT = "a$\"'\\#:@%/?&;!`*{}|<>^~ ,=+[]()0123456789abcdefz"
SECRETS = {"redis-password": TEXT, "short": "x", "redis-acl": TEXT}
KEPT = (
    Secret("redis-password", "password", Because("")),
    Secret("short", "given", Because("")),
    Secret("redis-acl", "redis-acl", Because("")),
)


def _bench(**wrong: object) -> FakeBench:
    return FakeBench(FakeRunning(stack=replace(STACK, secrets=KEPT), **wrong), secrets=SECRETS)  # type: ignore[arg-type]


def _judged(bench: FakeBench) -> Judgement:
    measured = CLAIM.measure(bench)
    stored = json.dumps(dict(measured.observed))
    assert TEXT not in stored
    return CLAIM.judge(replace(measured, observed=json.loads(stored)), Bounds())


def test_a_stack_that_keeps_its_secrets() -> None:
    judgement = _judged(_bench())
    assert judgement.verdict is Verdict.PROVED
    assert judgement.because.startswith("none of 1 secrets is in 0 kB in 6 places")


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (lambda text: text, "redis-password is in the log of worker"),
        (json.dumps, "redis-password is in the log of worker"),
        (repr, "redis-password is in the log of worker"),
        (lambda text: base64.b64encode(b"x" + text.encode()).decode(), "the log of worker, encoded"),
        (lambda text: quote(text, safe=""), "the log of worker, encoded"),
        (lambda text: text[:20] + "\n    " + text[20:], "redis-password is in the log of worker"),
    ],
)
def test_a_secret_in_a_log(shown: Callable[[str], str], says: str) -> None:
    judgement = _judged(_bench(written={"worker": f"started with {shown(TEXT)}\n"}))
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.because.endswith(says)


def test_a_secret_in_the_environment() -> None:
    judgement = _judged(_bench(environment={"api": f"REDIS_URL=redis://:{quote(TEXT, safe='')}@redis"}))
    assert judgement == Judgement(Verdict.REFUTED, "redis-password is in what the engine shows of api, encoded")


def test_silent_services_prove_nothing() -> None:
    judgement = _judged(_bench(quiet=frozenset({"api", "worker", "redis"})))
    assert judgement.verdict is Verdict.UNMEASURED


def test_it_is_asked_where_there_are_secrets() -> None:
    assert CLAIM.applies(replace(STACK, secrets=KEPT))
    assert not CLAIM.applies(STACK)
    with pytest.raises(Unmeasurable, match="has a text"):
        CLAIM.measure(FakeBench(FakeRunning()))


def _evidence(claim: str, measurement: Measurement | None) -> Evidence:
    return Evidence(claim, "running", "It holds.", Verdict.PROVED, "it does", "", 0.1, measurement)


def test_our_own_record_is_searched_too() -> None:
    bench = _bench()
    own = _evidence(CLAIM.id, CLAIM.measure(bench))
    clean = _evidence("SP301-x", Measurement("1 s", "a clock", {"seconds": 1.0, "names": ["a"]}))
    raw = (Completed(("redis-cli", "-a", TEXT), 0, 0.1, "PONG"),)
    leaking = _evidence("SP315-y", Measurement("1", "asked", {}, raw))
    kept = no_secret_shown.with_record(cast(Bench, bench), CLAIM, (clean, own))
    assert [each.verdict for each in kept] == [Verdict.PROVED, Verdict.PROVED]
    assert kept[1].because.endswith("and in the evidence of 2 claims")
    found = no_secret_shown.with_record(cast(Bench, bench), CLAIM, (clean, own, leaking))
    assert found[1].verdict is Verdict.REFUTED
    assert found[1].because == "redis-password is in the evidence of SP315-y"


def test_what_was_not_measured_stays_so() -> None:
    own = _evidence(CLAIM.id, None)
    assert no_secret_shown.with_record(cast(Bench, _bench()), CLAIM, (own,)) == (own,)


def test_a_measurement_that_was_disturbed_stays_unmeasured() -> None:
    bench = _bench()
    own = replace(_evidence(CLAIM.id, CLAIM.measure(bench)), verdict=Verdict.UNMEASURED, because="the clock jumped")
    (kept,) = no_secret_shown.with_record(cast(Bench, bench), CLAIM, (own,))
    assert (kept.verdict, kept.because) == (Verdict.UNMEASURED, "the clock jumped")
