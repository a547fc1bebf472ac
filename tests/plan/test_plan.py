"""The whole plan: which services, in which order, with what."""

from dataclasses import replace

import pytest

from stackproof.model.facts import BeatEntry, Flower, Project
from stackproof.model.settings import Settings
from stackproof.model.source import Place
from stackproof.model.stack import ENVIRONMENTS, EnvironmentName, Mount, Need, Network, Publish, Stack
from stackproof.plan import plan
from tests.plan.small import ASGI, CELERY, FLASK, JOBS, READY, SHOP, asks, locked, service, stack
from tests.plan.tubeatlas import PROJECT


@pytest.fixture(params=ENVIRONMENTS)
def atlas(request: pytest.FixtureRequest) -> Stack:
    return plan(PROJECT, Settings(), request.param)


def test_the_services_and_their_order(atlas: Stack) -> None:
    own = ["redis", "api", "worker", "flower", "proxy"]
    assert [each.name for each in atlas.services] == own + (["load"] if atlas.environment == "stage" else [])
    assert atlas.active()[0].name == "redis"
    assert "flower" not in [each.name for each in atlas.active()]
    assert "flower" in [each.name for each in atlas.active(frozenset({"monitoring"}))]


def test_everything_waits_for_redis_to_be_healthy(atlas: Stack) -> None:
    waiting = [each for each in atlas.services if each.software == "python" and each.role != "load"]
    assert [each.needs for each in waiting] == [(Need("redis"),)] * 3


def test_only_what_is_published_is_reached_from_outside(atlas: Stack) -> None:
    published = [each.name for each in atlas.services if each.publish]
    assert published == (["api", "flower", "proxy"] if atlas.environment == "dev" else ["proxy"])
    assert atlas.networks == (Network("edge", False), Network("front", True), Network("back", True))
    assert all("edge" in each.networks for each in atlas.services if each.publish)
    assert atlas.service("redis").networks == atlas.service("worker").networks == ("back",)


def test_every_decision_has_a_reason(atlas: Stack) -> None:
    assert all(each.because for each in atlas.services)
    assert all(volume.because.seen for volume in atlas.volumes)
    assert all(assignment.because.text for each in atlas.services for assignment in each.environment)


def test_the_database_file_lies_on_a_volume(atlas: Stack) -> None:
    assert atlas.sqlite == ("@{volume.data}/tubeatlas.db",)
    values = {each.name: each.value for each in atlas.service("api").environment}
    assert values["DATABASE_URL"] == "sqlite+aiosqlite:///@{volume.data}/tubeatlas.db"
    assert values["REDIS_URL"] == "redis://:@{reveal.redis-password}@@{redis.host}:@{redis.port}/0"
    assert Mount("/app/data", volume="data") in atlas.service("worker").mounts


def test_no_reload_outside_of_dev() -> None:
    commands = {name: [each.command for each in plan(PROJECT, Settings(), name).services] for name in ENVIRONMENTS}
    assert any("--reload" in command for command in commands["dev"])
    assert any(command[0] == "watchfiles" for command in commands["dev"])
    for name in ("stage", "prod"):
        assert not any("--reload" in command or "watchfiles" in command for command in commands[name])


def test_dev_has_the_source_of_the_host_read_only() -> None:
    mounts = plan(PROJECT, Settings(), "dev").service("api").mounts
    assert Mount("/app/src", source="src", read_only=True) in mounts


@pytest.mark.parametrize(("environment", "port"), [("dev", 8000), ("stage", 8100), ("prod", 8200)])
def test_host_ports_differ(environment: EnvironmentName, port: int) -> None:
    assert plan(PROJECT, Settings(proxy=False), environment).service("api").publish == Publish("127.0.0.1", port)


def test_celery_is_told_to_the_proof() -> None:
    atlas = plan(PROJECT, Settings(), "prod")
    assert atlas.celery
    assert atlas.celery.module == "tubeatlas.celery_app"
    assert atlas.celery.routed[0] == ("transcripts", "tubeatlas.tasks.process_transcript")
    assert (atlas.celery.acks_late, atlas.celery.soft_shutdown, atlas.celery.visibility_timeout) == (True, 10.0, 20.0)


def test_a_schedule_brings_one_beat() -> None:
    entry = BeatEntry("nightly", Place("shop/jobs.py", 20))
    planned = stack(*JOBS, entry)
    assert planned.service("beat").command[3:6] == ("beat", "--loglevel=info", "--scheduler")
    assert "beat" in [volume.name for volume in planned.volumes]
    assert "beat" not in [each.name for each in stack(*JOBS).services]


def test_a_schedule_without_celery_brings_nothing() -> None:
    planned = stack(*SHOP, BeatEntry("nightly", Place("x.py", 1)), Flower(Place("x.txt", 1)))
    assert [each.name for each in planned.services] == ["api", "proxy"]
    assert planned.volumes == ()


def test_a_worker_alone_is_a_stack() -> None:
    planned = stack(*JOBS)
    assert [each.name for each in planned.services] == ["redis", "worker"]
    assert planned.networks == (Network("back", True),)


def test_a_broker_of_another_kind_is_the_users() -> None:
    planned = stack(*JOBS[:-1])
    assert [each.name for each in planned.services] == ["worker"]
    assert [note.about for note in planned.notes] == ["tasks", "broker"]


def test_a_worker_that_talks_to_outside_servers_gets_a_way_out() -> None:
    assert service("worker", *JOBS, asks("requests")).networks == ("back", "out")
    assert service("worker", *JOBS, asks("requests", "dev")).networks == ("back",)
    assert service("worker", *JOBS, said="services.worker.outward = true").networks == ("back", "out")
    assert service("worker", *JOBS, asks("requests"), said="services.worker.outward = false").networks == ("back",)
    assert Network("out", internal=False) in stack(*JOBS, asks("requests")).networks


def test_soft_shutdown_is_started_by_term_only_where_there_is_one() -> None:
    names = {each.name for each in service("worker", *JOBS).environment}
    assert "REMAP_SIGTERM" not in names
    assert "REMAP_SIGTERM" in {each.name for each in plan(PROJECT, Settings(), "prod").service("worker").environment}


def test_packages_that_only_the_start_needs_are_added_and_said() -> None:
    planned = stack(*SHOP[:-1], CELERY, environment="dev")
    assert [part.partition("==")[0] for part in planned.build.install.extra] == ["gunicorn", "watchfiles", "debugpy"]
    assert [note.about for note in planned.notes if note.about == "package"] == ["package"] * 3
    assert stack(*SHOP, CELERY, locked("redis", "8")).build.install.extra == ()


def test_flower_of_a_development_group_is_there_in_dev_alone() -> None:
    facts = (*JOBS, Flower(Place("dev.txt", 1)), asks("flower", "dev"))
    assert "flower" in [each.name for each in stack(*facts, environment="dev").services]
    assert "flower" not in [each.name for each in stack(*facts).services]


def test_an_extra_is_installed_nowhere() -> None:
    facts = (*SHOP, CELERY, asks("watchfiles", "extra:dev"), locked("watchfiles", "1"))
    assert stack(*facts, environment="dev").build.install.extra


def test_a_server_of_a_development_group_is_not_there_in_prod() -> None:
    facts = (*SHOP[:-1], locked("gunicorn", "27.0.1"), asks("gunicorn", "dev"))
    assert stack(*facts).build.install.extra
    assert not stack(*facts, asks("debugpy", "dev"), environment="dev").build.install.extra
    assert not stack(*facts, asks("gunicorn")).build.install.extra


def test_a_reload_in_dev_does_not_wait_for_a_soft_shutdown() -> None:
    dev, prod = (plan(PROJECT, Settings(), name) for name in ENVIRONMENTS if name != "stage")
    found = [
        next(each.value for each in planned.service("worker").environment if each.name == "SOFT_SHUTDOWN_SECONDS")
        for planned in (dev, prod)
    ]
    assert found == ["0", "10"]
    assert dev.celery
    assert dev.celery.soft_shutdown == 0.0


def test_the_same_facts_give_the_same_stack(atlas: Stack) -> None:
    assert plan(Project(PROJECT.name, PROJECT.facts), Settings(), atlas.environment) == replace(atlas)


def test_a_web_application_without_a_health_route_is_noted() -> None:
    assert [note.about for note in stack(*(fact for fact in SHOP if fact is not READY)).notes] == ["health route"]
    asgi = tuple(ASGI if fact is FLASK else fact for fact in SHOP if fact is not READY)
    health = service("api", *asgi).health
    assert health
    assert health.target == "/openapi.json"
