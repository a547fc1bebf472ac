"""The proxy: what it stands in front of, where it is published, which requests go where."""

from dataclasses import replace

import pytest

from stackproof.model.facts import Fact, WebSocket
from stackproof.model.parts import Route
from stackproof.model.source import Place
from stackproof.model.stack import ENVIRONMENTS, EnvironmentName, NodeBuild, Publish, Service, Stack
from stackproof.plan.given import Given
from stackproof.plan.proxy import added
from tests.plan.small import CELERY, JOBS, PIP, SHOP, given, locked, stack

FRONT = Service("frontend", "front", "shop-frontend:prod", built=True, command=("node", "server.js"), build="frontend")
SITE = NodeBuild(
    name="frontend", context="frontend", node="24", base="node:24", tool="npm", tool_version=None,
    lock="package-lock.json", manifests=(), copy=(), kind="next", script="build", dev=(), output=".next",
    public=True, target="runtime",
)  # fmt: skip


def proxied(*facts: Fact, said: str = "", environment: EnvironmentName = "prod", front: bool = False) -> Stack:
    planned = stack(*facts, said="proxy = false\n" + said, environment=environment)
    if front:
        planned = replace(planned, services=(*planned.services, FRONT), node=(SITE,))
    return added(given(*facts, said=said, environment=environment), planned)


@pytest.mark.parametrize(
    ("environment", "https", "http"), [("dev", 8443, 8080), ("stage", 8543, 8180), ("prod", 8643, 8280)]
)
def test_it_is_published_elsewhere_in_every_environment(environment: EnvironmentName, https: int, http: int) -> None:
    planned = proxied(*SHOP, environment=environment)
    proxy = planned.service("proxy")
    assert proxy.publish == Publish("127.0.0.1", https, 8443, "https")
    assert proxy.more == (Publish("127.0.0.1", http, 8080),)
    assert planned.proxy is not None
    assert planned.proxy.https_port == https
    assert proxy.profiles == (("proxy",) if environment == "dev" else ())
    assert proxy.networks == ("edge", "front")
    assert proxy.waits_for("api")


def test_its_ports_and_its_name_can_be_said() -> None:
    said = '[environments.prod]\nhttps = 443\nhttp = 80\nserver_name = "shop.example"\naddress = "0.0.0.0"'
    planned = proxied(*SHOP, said=said)
    assert planned.service("proxy").publish == Publish("0.0.0.0", 443, 8443, "https")
    assert planned.proxy is not None
    assert (planned.proxy.https_port, planned.proxy.server_name) == (443, "shop.example")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_pair_is_made_by_us_everywhere_but_in_prod(environment: EnvironmentName) -> None:
    pair = [each for each in proxied(*SHOP, environment=environment).secrets if each.name.startswith("tls-")]
    assert [each.kind for each in pair] == ["tls-certificate", "tls-key"]
    assert all(each.generated is (environment != "prod") for each in pair)


def test_without_a_front_end_everything_goes_to_the_api() -> None:
    planned = proxied(*SHOP)
    assert planned.proxy is not None
    assert planned.proxy.routes == (Route("/", "api"),)
    assert (planned.proxy.health, planned.proxy.health_service) == ("/healthz", "api")


def test_a_front_end_gets_what_is_not_for_the_api_and_its_files_are_kept() -> None:
    planned = proxied(*SHOP, front=True)
    assert planned.proxy is not None
    assert planned.proxy.routes == (
        Route("/", "frontend"),
        Route("/api/", "api"),
        Route("/_next/static/", "frontend", cached=True, limited=False),
    )


def test_a_front_end_without_a_build_of_its_own_has_no_files_to_keep() -> None:
    planned = replace(stack(*SHOP, said="proxy = false"), services=(FRONT,))
    found = added(given(*SHOP), planned)
    assert found.proxy is not None
    assert found.proxy.routes == (Route("/", "frontend"),)
    assert (found.proxy.health, found.proxy.health_service) == ("/", "frontend")


def test_sockets_have_routes_of_their_own() -> None:
    seen = Place("src/app.py", 7)
    planned = proxied(*SHOP, WebSocket("socketio", "/socket.io/", seen, polling=True), WebSocket("plain", "/ws", seen))
    assert planned.proxy is not None
    assert planned.proxy.routes[1:] == (
        Route("/socket.io/", "api", websocket=True, sticky=True, limited=False),
        Route("/ws", "api", websocket=True, limited=False),
    )
    assert seen in [each.seen for each in planned.service("proxy").because]


def test_a_prefix_can_be_said() -> None:
    planned = proxied(*SHOP, said='[services.api]\nroute = "/v1/"')
    assert planned.proxy is not None
    assert planned.proxy.routes == (Route("/v1/", "api"),)


def test_other_web_services_are_reached_only_where_the_settings_say_so() -> None:
    planned = stack(*SHOP, said="proxy = false")
    other = replace(planned.service("api"), name="admin")
    both = replace(planned, services=(*planned.services, other))
    assert added(given(*SHOP), both).proxy.routes == (Route("/", "api"),)  # type: ignore[union-attr]


def test_a_worker_stands_behind_nothing() -> None:
    planned = proxied(*SHOP, CELERY, locked("celery", "5.6.3"), locked("redis", "8.1.0"))
    assert "FORWARDED_ALLOW_IPS" not in [each.name for each in planned.service("worker").environment]


def test_what_stands_behind_may_believe_it() -> None:
    assert "FORWARDED_ALLOW_IPS" in [each.name for each in proxied(*SHOP).service("api").environment]
    assert "FORWARDED_ALLOW_IPS" not in [
        each.name for each in proxied(*SHOP, environment="dev").service("api").environment
    ]


def test_there_is_none_where_nobody_wants_it_or_nothing_is_to_be_reached() -> None:
    planned = stack(*SHOP, said="proxy = false")
    assert added(given(*SHOP, said="proxy = false"), planned) is planned
    alone = stack(PIP, CELERY, *JOBS, said="proxy = false")
    assert added(Given(given(PIP, CELERY, *JOBS).project, given(PIP).settings, "prod"), alone) is alone
