"""Claims about the proxy, measured on a stack that is as it should be, and on ones that are not."""

import hashlib
import ssl
from dataclasses import replace
from typing import Any

import pytest

from stackproof.errors import Unmeasurable
from stackproof.model.parts import Route
from stackproof.model.proof import Claim, Judgement, Verdict
from stackproof.model.stack import Bounds, Stack
from stackproof.prove import (
    back_end_replaced,
    cache_hit,
    entrance,
    replica_killed,
    routes,
    security_headers,
    tls_entrance,
    websocket,
)
from stackproof.tools.certificates import self_signed
from tests.prove.fake_proxy import BEHIND, PROJECT, FakeProxied, beside, greets, shakes
from tests.prove.fake_running import STACK, FakeBench

PEM, _ = self_signed("localhost")
CERTIFICATE = hashlib.sha256(ssl.PEM_cert_to_DER_cert(PEM)).hexdigest()
GREETS = greets(certificate=CERTIFICATE)
ASKED = (routes, cache_hit, security_headers, back_end_replaced)
PROXY_CLAIMS = (tls_entrance, *ASKED, websocket, replica_killed)
IDS = [module.CLAIM.id for module in PROXY_CLAIMS]


def judged(claim: Claim, up: FakeProxied, *stand_ins: object) -> Judgement:
    """Measured with the fake's own answers, and what else stands in for the world."""
    bench = FakeBench(up, project=PROJECT)
    if not stand_ins:
        stand_ins = {
            tls_entrance.CLAIM.id: (up.ask, GREETS),
            websocket.CLAIM.id: (shakes(),),
            replica_killed.CLAIM.id: (up.ask, beside(up)),
        }.get(claim.id, (up.ask,))
    return claim.judge(claim.measure(bench, *stand_ins), Bounds())


HEALTHY = (
    (tls_entrance.CLAIM, "TLSv1.3 with the mounted certificate, nothing below 1.2; plain HTTP is answered 308"),
    (routes.CLAIM, "/health was answered by api"),
    (cache_hit.CLAIM, "/_next/static/chunks/a1.js: MISS, then HIT, the same 4 bytes"),
    (security_headers.CLAIM, "15 answers (200, 400, 404, 413, 502) carry Strict-Transport-Security"),
    (websocket.CLAIM, '/socket.io/?EIO=4&transport=websocket: 101, and it says 0{"sid":"1"}'),
    (back_end_replaced.CLAIM, "frontend at its new address is found 0.0 s after it is healthy (0 failed answers"),
    (replica_killed.CLAIM, "frontend 2 killed: 2 requests answered, the slowest in 0.0 s; worker 1 killed: a task was"),
)


@pytest.mark.parametrize(("claim", "because"), HEALTHY, ids=[claim.id for claim, _ in HEALTHY])
def test_a_healthy_stack_is_proved_and_everything_is_put_back(claim: Claim, because: str) -> None:
    up = FakeProxied(mounted=f"words before it\n{PEM}")
    judgement = judged(claim, up)
    assert judgement.verdict is Verdict.PROVED, judgement.because
    assert because in judgement.because
    assert not up.gone


BROKEN = (
    (routes.CLAIM, FakeProxied(leads={"/api/": "frontend"}), "was answered by frontend instead of api"),
    (routes.CLAIM, FakeProxied(leads={"/": ""}), "is answered 404 by the proxy itself: frontend was never asked"),
    (routes.CLAIM, FakeProxied(gone={"frontend": 0.0}), "is answered 502"),
    (routes.CLAIM, FakeProxied(unhealthy=401), "/health is answered 401 through the proxy"),
    (routes.CLAIM, FakeProxied(mute="/health"), "/health is answered 0 TimeoutError: timed out"),
    (cache_hit.CLAIM, FakeProxied(stores=False), "times, and X-Cache still says MISS (Cache-Control: none)"),
    (cache_hit.CLAIM, FakeProxied(other_bytes=True), "and other ones than the front end"),
    (
        security_headers.CLAIM,
        FakeProxied(bare="/_next/static/"),
        "GET /_next/static/, answered 200, has no Strict-Transport-Security, X-Content-Type-Options",
    ),
    (security_headers.CLAIM, FakeProxied(twice="/health"), "GET /health, answered 200, has Strict-Transport-Security"),
    (
        back_end_replaced.CLAIM,
        FakeProxied(pinned=True),
        "/health still fails 15 s after the new containers of api are healthy",
    ),
    (
        back_end_replaced.CLAIM,
        FakeProxied(stays_red=frozenset({"frontend"})),
        "new containers of frontend were not healthy within 120 s",
    ),
    (replica_killed.CLAIM, FakeProxied(drops=True), "api 1 was killed, and 1 of 2 requests failed (502)"),
    (
        replica_killed.CLAIM,
        FakeProxied(stays_red=frozenset({"worker"})),
        "worker 1 did not come back within 120 s after it was killed",
    ),
    (replica_killed.CLAIM, FakeProxied(free_at=1e9), "worker 1 was killed, and a task submitted then was lost: queued"),
)


@pytest.mark.parametrize(("claim", "up", "because"), BROKEN, ids=[f"{claim.id}: {why}" for claim, _, why in BROKEN])
def test_a_broken_stack_is_refuted_by_its_cause(claim: Claim, up: FakeProxied, because: str) -> None:
    judgement = judged(claim, up)
    assert judgement.verdict is Verdict.REFUTED
    assert because in judgement.because


UNMEASURED = (
    (routes.CLAIM, FakeProxied(logs_nothing=True), "the log of the proxy has no line for /stackproof-asks-0"),
    (cache_hit.CLAIM, FakeProxied(page=b"hello"), "the page / was answered 200 and names no file below /_next/static/"),
    (security_headers.CLAIM, FakeProxied(mute="/api/"), "no answer came for GET /api/ (TimeoutError: timed out)"),
    (back_end_replaced.CLAIM, FakeProxied(old_address=True), "the new containers of api, frontend got an old address"),
    (
        replica_killed.CLAIM,
        FakeProxied(replace(BEHIND, task=None)),
        "worker 1, worker 2: nothing says how a task is submitted",
    ),
    (tls_entrance.CLAIM, FakeProxied(), "the mounted certificate could not be read inside the proxy"),
)


@pytest.mark.parametrize(
    ("claim", "up", "because"), UNMEASURED, ids=[f"{claim.id}: {why}" for claim, _, why in UNMEASURED]
)
def test_what_could_not_be_seen_is_no_verdict(claim: Claim, up: FakeProxied, because: str) -> None:
    judgement = judged(claim, up)
    assert judgement.verdict is Verdict.UNMEASURED, judgement.because
    assert because in judgement.because


TLS: tuple[tuple[dict[str, Any], object, str], ...] = (
    ({}, greets(certificate="another"), "the proxy shows another certificate than the mounted one"),
    ({}, greets("TLSv1.1", CERTIFICATE), "the proxy still speaks TLSv1.1"),
    ({"redirect": 200}, GREETS, "plain HTTP is answered 200, not with a redirect"),
    ({"location": ""}, GREETS, "plain HTTP leads to nowhere, not to https://127.0.0.1:8643/stackproof/asks?for=more"),
    ({"location": "https://127.0.0.1/stackproof/asks?for=more"}, GREETS, "plain HTTP leads to https://127.0.0.1/"),
)


@pytest.mark.parametrize(("wrong", "greet", "because"), TLS, ids=[because for _, _, because in TLS])
def test_a_wrong_entrance_is_refuted(wrong: dict[str, Any], greet: object, because: str) -> None:
    up = FakeProxied(mounted=PEM, **wrong)
    judgement = judged(tls_entrance.CLAIM, up, up.ask, greet)
    assert judgement.verdict is Verdict.REFUTED
    assert because in judgement.because


def test_no_tls_at_all_is_refuted() -> None:
    up = FakeProxied(mounted=PEM)

    def refuses(host: str, port: int, old: bool) -> dict[str, str]:
        assert (host, port) == ("127.0.0.1", 8643)
        assert old in (True, False)
        return {"version": "", "certificate": "", "problem": "ConnectionRefusedError"}

    assert (
        "no TLS handshake with the proxy (ConnectionRefusedError)"
        in judged(tls_entrance.CLAIM, up, up.ask, refuses).because
    )


def test_a_name_of_its_own_is_led_to_without_the_usual_port() -> None:
    assert BEHIND.proxy is not None
    named = replace(BEHIND, proxy=replace(BEHIND.proxy, server_name="shop.example"))
    up = FakeProxied(named, mounted=PEM, location="https://shop.example:8643/stackproof/asks?for=more")
    assert judged(tls_entrance.CLAIM, up).verdict is Verdict.PROVED


SOCKETS = (
    (shakes(400), Verdict.REFUTED, "is answered 400, not 101"),
    (shakes(0, problem="TimeoutError"), Verdict.REFUTED, "is answered 0 TimeoutError, not 101"),
    (shakes(right=False), Verdict.REFUTED, "is answered 101, but not for the key that was sent"),
    (shakes(said="", problem="TimeoutError"), Verdict.REFUTED, "was opened, and nothing was said on it (TimeoutError)"),
    (shakes(403), Verdict.UNMEASURED, "the application wants to know who opens"),
)


@pytest.mark.parametrize(("shake", "verdict", "because"), SOCKETS, ids=[because for _, _, because in SOCKETS])
def test_a_socket_that_is_not_opened(shake: object, verdict: Verdict, because: str) -> None:
    judgement = judged(websocket.CLAIM, FakeProxied(), shake)
    assert judgement.verdict is verdict
    assert because in judgement.because


def test_every_replica_is_killed_once() -> None:
    up = FakeProxied()
    assert judged(replica_killed.CLAIM, up).verdict is Verdict.PROVED
    assert up.killed == [(name, replica) for name in ("api", "frontend", "worker") for replica in (1, 2)]


def test_nobody_asked_is_no_proof() -> None:
    measured = {"service": "api", "replica": 1, "sent": 0, "failed": 0, "words": "", "slowest": 0.0, "back": 1.0}
    claim = replica_killed.CLAIM
    up = FakeProxied()
    found = replace(claim.measure(FakeBench(up), up.ask, beside(up)), observed={"asked": [measured], "tasks": []})
    assert claim.judge(found, Bounds()).because == "no request was answered while api 1 was away"


@pytest.mark.parametrize("claim", [module.CLAIM for module in PROXY_CLAIMS], ids=IDS)
def test_a_runtime_without_a_proxy_cannot_measure_it(claim: Claim) -> None:
    """Plain processes leave the proxy out, and run one of each service."""
    services = tuple(replace(one, replicas=1) for one in BEHIND.services if one.name != "proxy")
    up = FakeProxied(replace(BEHIND, services=services, proxy=None))
    with pytest.raises(Unmeasurable):
        judged(claim, up)


def applying(stack: Stack) -> list[str]:
    return [module.CLAIM.id[:5] for module in PROXY_CLAIMS if module.CLAIM.applies(stack)]


def test_claims_are_asked_where_there_is_something_to_ask() -> None:
    assert BEHIND.proxy is not None
    assert applying(BEHIND) == ["SP310", "SP311", "SP312", "SP313", "SP404", "SP314", "SP405"]
    assert applying(STACK) == []
    one_route = replace(BEHIND, proxy=replace(BEHIND.proxy, routes=(Route("/", "frontend"),)))
    single = replace(one_route, services=tuple(replace(one, replicas=1) for one in BEHIND.services))
    assert applying(single) == ["SP310", "SP311", "SP313", "SP404"]
    asleep = replace(single, services=tuple(replace(one, profiles=("proxy",)) for one in single.services))
    assert applying(asleep) == []


def test_a_service_that_only_has_sockets_is_asked_by_them() -> None:
    assert BEHIND.proxy is not None
    proxy = replace(BEHIND.proxy, routes=(Route("/ws", "live", websocket=True), Route("/", "frontend")))
    assert list(entrance.behind(proxy)) == [("api", "/health"), ("frontend", "/"), ("live", "/ws")]


def test_what_comes_next_waits_until_the_proxy_has_heard_of_the_new_address() -> None:
    up = FakeProxied()
    up.opens_at = 7.0
    entrance.wait_open(up, up.ask)
    assert 7.0 <= up.clock < 8.0
    entrance.wait_open(FakeProxied(replace(BEHIND, proxy=None)), up.ask)
    up.opens_at = 1e9
    entrance.wait_open(up, up.ask)
    assert up.clock < 60.0
