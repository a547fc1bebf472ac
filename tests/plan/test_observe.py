"""Monitoring: when it is there, what watches what, and what is reached from outside."""

from dataclasses import replace

import pytest

from stackproof.model.facts import Fact, MetricsRoute, Variable
from stackproof.model.parts import CeleryPlan, Database, Proxy
from stackproof.model.source import Place
from stackproof.model.stack import ENVIRONMENTS, Assignment, EnvironmentName, Service, Stack
from stackproof.plan import observe
from stackproof.plan.load import added as with_load
from tests.plan.small import SHOP, given, stack

METRICS = MetricsRoute("/metrics", False, Place("shop/web.py", 20))
TRACES = Variable("OTEL_EXPORTER_OTLP_ENDPOINT", None, False, False, "str", Place("shop/traces.py", 3))
API = Service(
    "api", "web", "shop:prod", built=True, command=("uvicorn",), port=8000, metrics="/metrics",
    networks=("front", "back"), environment=(Assignment(TRACES.name, None, settable=True),),
)  # fmt: skip
REDIS = Service("redis", "store", "redis:7", built=False, command=(), port=6379, software="redis", networks=("back",))
CACHE = replace(REDIS, name="cache")
POSTGRES = replace(REDIS, name="postgres", port=5432, software="postgres")
PROXY = replace(REDIS, name="proxy", role="proxy", port=8443, software="nginx", networks=("edge", "front"))
SITE = replace(PROXY, name="site", role="front", built=True)
BACKUP = replace(POSTGRES, name="backup", role="backup")


def bare(environment: EnvironmentName = "prod") -> Stack:
    return replace(
        stack(*SHOP, said="proxy = false\nmonitoring = false", environment=environment),
        services=(REDIS, CACHE, POSTGRES, BACKUP, API, SITE, PROXY),
        database=Database("postgres", "shop", "orders", "postgres-password", 50),
        proxy=Proxy("proxy", (), "_", 8443, "/health", "api"),
        celery=CeleryPlan("shop", "app", (("default", "shop.a"),), True, 0.0, 15.0),
    )


def watched(*more: Fact, said: str = "", environment: EnvironmentName = "prod") -> Stack:
    return observe.added(given(*SHOP, METRICS, *more, said=said, environment=environment), bare(environment))


def values(service: Service) -> dict[str, str | None]:
    return {each.name: each.value for each in service.environment}


def test_it_is_there_where_there_is_something_to_see_or_somebody_wants_it() -> None:
    assert observe.added(given(*SHOP), bare()) == bare()
    assert observe.added(given(*SHOP, METRICS, said="monitoring = false"), bare()) == bare()
    assert observe.added(given(*SHOP, said="monitoring = true"), bare()).has("prometheus")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_it_is_a_profile_in_dev_alone(environment: EnvironmentName) -> None:
    added = [each for each in watched(environment=environment).services if each.role == "observe"]
    assert {each.profiles for each in added} == {("monitoring",) if environment == "dev" else ()}
    assert [each.name for each in added] == [
        "redis-exporter", "cache-exporter", "postgres-exporter", "nginx-exporter", "prometheus", "grafana", "loki",
        "alloy",
    ]  # fmt: skip


def test_each_exporter_is_beside_what_it_looks_at() -> None:
    planned = watched()
    assert values(planned.service("cache-exporter")) == {"REDIS_ADDR": "redis://@{cache.host}:@{cache.port}"}
    assert planned.service("redis-exporter").networks == ("back", "observe")
    assert planned.service("nginx-exporter").networks == ("front", "observe")
    assert values(planned.service("postgres-exporter")) == {
        "DATA_SOURCE_URI": "@{postgres.host}:@{postgres.port}/orders?sslmode=disable",
        "DATA_SOURCE_USER": "shop",
        "DATA_SOURCE_PASS_FILE": "@{secret.postgres-password}",
    }
    assert planned.service("postgres-exporter").secrets == ("postgres-password",)
    assert planned.secret("redis-exporter").source == "redis-password"
    assert planned.service("redis-exporter").waits_for("redis")


def test_the_queues_are_counted_at_their_broker() -> None:
    planned = watched()
    assert planned.service("redis-exporter").command[-2:] == ("--check-single-keys", "db0=celery")
    assert "--check-single-keys" not in planned.service("cache-exporter").command


def test_what_is_scraped_can_be_reached() -> None:
    assert watched().service("api").networks == ("front", "back", "observe")


@pytest.mark.parametrize(
    ("environment", "published"),
    [("dev", {"prometheus": 9090, "grafana": 3030, "jaeger": 16686}), ("stage", {"grafana": 3130}), ("prod", {})],
)
def test_only_dev_publishes_all_of_it(environment: EnvironmentName, published: dict[str, int]) -> None:
    services = watched(TRACES, environment=environment).services
    assert {each.name: each.publish.port for each in services if each.publish} == published
    assert all("edge" in each.networks for each in services if each.publish)


def test_the_settings_may_publish_more_or_less() -> None:
    publish = watched(said="[services.grafana]\npublish = 4000").service("grafana").publish
    assert publish is not None
    assert publish.port == 4200
    assert watched(said="[services.prometheus]\npublish = true").service("prometheus").publish
    assert not watched(said="[services.grafana]\npublish = false", environment="dev").service("grafana").publish


def test_no_password_is_a_default() -> None:
    planned = watched()
    assert planned.secret("grafana-password").generated is False
    assert values(planned.service("grafana"))["GF_SECURITY_ADMIN_PASSWORD__FILE"] == "@{secret.grafana-password}"


def test_traces_go_to_the_jaeger_of_the_stack() -> None:
    planned = watched(TRACES)
    assert values(planned.service("api"))[TRACES.name] == "http://@{jaeger.host}:4318"
    assert "observe" in planned.service("api").networks
    assert not watched().has("jaeger")


def test_a_service_that_sends_traces_and_has_no_metrics_is_on_the_network_too() -> None:
    plain = replace(API, name="worker", metrics=None)
    other = replace(plain, name="beat", environment=())
    planned = observe.added(given(*SHOP, TRACES, METRICS), replace(bare(), services=(plain, other)))
    assert planned.service("worker").networks == ("front", "back", "observe")
    assert planned.service("beat").networks == ("front", "back")


def test_an_unknown_database_is_asked_nothing() -> None:
    planned = observe.added(given(*SHOP, METRICS), replace(bare(), database=None))
    assert not planned.service("postgres-exporter").environment


def test_without_jaeger_nothing_says_where_it_is() -> None:
    planned = watched(TRACES).without(frozenset({"jaeger"}))
    assert TRACES.name not in values(planned.service("api"))


def test_load_is_for_stage_and_goes_through_the_proxy() -> None:
    planned = stack(*SHOP, environment="stage")
    assert planned.load is not None
    assert planned.load.paths == ("/",)
    assert planned.service("load").profiles == ("load",)
    assert planned.service("load").command[-2:] == ("https://@{proxy.host}:@{proxy.port}", "/")
    for environment in ("dev", "prod"):
        assert not stack(*SHOP, environment=environment).has("load")
    alone = stack(*SHOP, said="proxy = false", environment="stage")
    assert with_load(given(*SHOP, environment="stage"), alone) is alone
