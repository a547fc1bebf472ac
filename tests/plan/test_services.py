"""Several web services, processes and jobs: what each is started with, how often, and what it may reach."""

import ast
from dataclasses import replace

import pytest

from stackproof.errors import UserError
from stackproof.model.facts import (
    Backend,
    BeatEntry,
    Fact,
    HealthRoute,
    MetricsRoute,
    Migration,
    Project,
    ServedPort,
    WebApp,
    WebSocket,
    WritablePath,
)
from stackproof.model.source import Place
from stackproof.model.stack import Need, Publish, Service
from stackproof.plan import plans, start
from tests.plan.small import ASGI, FLASK, JOBS, PIP, READY, ROOT, SHOP, asks, locked, read, service, stack

HERE = Place("shop/settings.py", 4)
SMS = WebApp("fastapi", "shop.sms.main:app", False, "asgi", Place("shop/sms/main.py", 3))
TWO: tuple[Fact, ...] = (PIP, ROOT, ASGI, SMS, READY, locked("uvicorn", "0.54.0"))
SAID = 'services.sms.app = "shop.sms.main:app"\n'
REDIS = Backend("redis", "REDIS_URL", None, HERE)
POSTGRES = Backend("postgresql", "DATABASE_URL", None, HERE)


# --- web services


def test_further_web_services_come_from_the_settings() -> None:
    planned = stack(*TWO, said=SAID, environment="dev")
    assert [each.name for each in planned.services if each.role == "web"] == ["api", "sms"]
    sms = planned.service("sms")
    assert sms.command[:2] == ("uvicorn", "shop.sms.main:app")
    assert (sms.port, sms.publish) == (8001, Publish("127.0.0.1", 8001))
    assert stack(*TWO, said='services.worker.app = "shop.jobs"').has("sms") is False


def test_a_further_web_service_alone_is_a_stack_with_a_proxy() -> None:
    planned = stack(PIP, ROOT, READY, locked("fastapi", "1"), locked("uvicorn", "1"), said=SAID)
    assert [each.name for each in planned.services] == ["sms", "proxy"]
    assert planned.service("sms").publish is None


def test_each_has_the_health_route_of_its_own_package() -> None:
    own = HealthRoute("/sms/ready", "ready", Place("shop/sms/health.py", 3))
    planned = stack(*TWO, own, said=SAID)
    health = {each.name: each.health.target for each in planned.services if each.health and each.role == "web"}
    assert health == {"api": "/healthz", "sms": "/sms/ready"}


@pytest.mark.parametrize(
    ("facts", "said", "port"),
    [
        ((), "", 8001),
        ((ServedPort("shop.sms.main:app", 8003, HERE),), "", 8003),
        ((ServedPort("shop.sms.main", 8003, HERE),), "", 8003),
        ((ServedPort("shop.other", 8003, HERE),), "", 8001),
        ((ServedPort("shop.sms.main:app", 8003, HERE),), "services.sms.port = 9", 9),
    ],
)
def test_ports_come_from_settings_then_code(facts: tuple[Fact, ...], said: str, port: int) -> None:
    assert service("sms", *TWO, *facts, said=SAID + said).port == port


def test_workers_are_processes_of_one_server() -> None:
    asgi = service("api", *TWO, said="services.api.workers = 4").command
    assert asgi[asgi.index("--workers") + 1] == "4"
    assert asgi[asgi.index("--timeout-worker-healthcheck") + 1] == "60"
    old = service("api", *TWO[:-1], locked("uvicorn", "0.36.1"), said="services.api.workers = 4").command
    assert "--timeout-worker-healthcheck" not in old
    wsgi = service("api", *SHOP, said="services.api = {workers = 3, concurrency = 8}").command
    assert wsgi[wsgi.index("--workers") + 1 : wsgi.index("--workers") + 6] == (
        "3", "--worker-class", "gthread", "--threads", "8",
    )  # fmt: skip
    assert "--workers" not in service("api", *TWO, said="services.api.workers = 4", environment="dev").command


SOCKET = WebSocket("socketio", "/socket.io/", HERE)


def test_socket_io_gets_threads_and_no_second_process() -> None:
    command = service("api", *SHOP, SOCKET).command
    assert command[command.index("--threads") + 1] == "100"
    with pytest.raises(UserError, match=r"stackproof.toml:1: services.api.workers is 2, but Socket.IO keeps"):
        stack(*SHOP, SOCKET, said="services.api.workers = 2")
    plain = service("api", *SHOP, WebSocket("plain", "/ws", HERE), said="services.api.workers = 2").command
    assert plain[plain.index("--threads") + 1] == "4"


def test_metrics_of_several_processes_are_counted_together() -> None:
    route = MetricsRoute("/metrics", True, Place("shop/api.py", 9))
    said = "monitoring = false\nservices.api.workers = 2\n"
    found = service("api", *TWO, route, said=said)
    assert found.metrics == "/metrics"
    assert ("PROMETHEUS_MULTIPROC_DIR", "@{tmp}") in {(each.name, each.value) for each in found.environment}
    assert not _counted(service("api", *TWO, route, said="monitoring = false"))
    assert not _counted(service("api", *TWO, replace(route, multiprocess=False), said=said))
    assert service("api", *TWO, route, said=f"{said}services.api.metrics = false").metrics is None
    own = service("api", *TWO, route, said=f'{said}services.api.metrics = "/own"')
    assert (own.metrics, _counted(own)) == ("/own", True)
    assert service("api", *TWO).metrics is None


def _counted(service: Service) -> bool:
    return any(each.name == "PROMETHEUS_MULTIPROC_DIR" for each in service.environment)


# --- debugger


def test_a_debugger_waits_on_loopback_in_dev() -> None:
    planned = stack(*TWO, said=SAID, environment="dev")
    assert planned.service("api").more == (Publish("127.0.0.1", 5678, 5678),)
    assert planned.service("sms").more == (Publish("127.0.0.1", 5679, 5678),)
    assert planned.service("api").debugger[3:6] == ("-m", "debugpy", "--listen")
    assert planned.service("api").command[0] == "uvicorn"
    assert not stack(*TWO, said=SAID).service("api").debugger


def test_the_debugger_can_be_moved_and_left_out() -> None:
    moved = service("api", *TWO, said="services.api.debugger = 7000", environment="dev")
    assert moved.more == (Publish("127.0.0.1", 7000, 5678),)
    assert service("api", *TWO, said="services.api.debugger = true", environment="dev").more[0].port == 5678
    said = "services.api = {debugger = false, publish = false}"
    without = service("api", *TWO, said=said, environment="dev")
    assert (without.more, without.debugger, without.networks) == ((), (), ("front",))


def test_a_debugger_port_that_is_taken_is_refused() -> None:
    with pytest.raises(UserError, match="api in dev and sms in dev would both take port 5679"):
        plans(Project("shop", TWO), read(f"{SAID}services.api.debugger = 5679"))


# --- replicas


@pytest.mark.parametrize(
    ("facts", "said", "replicas"),
    [
        ((), "", 2),
        ((), "services.api.replicas = 3", 3),
        ((), "proxy = false", 1),
        ((), "proxy = false\nservices.api = {replicas = 3, publish = false}", 3),
        ((WritablePath("uploads", HERE),), "", 1),
        ((WritablePath("uploads", HERE),), "services.api.replicas = 2", 2),
        ((Backend("sqlite", "DATABASE_URL", "sqlite:///data/x.db", HERE),), "", 1),
        ((SOCKET,), "", 1),
        ((SOCKET,), "services.api.replicas = 2", 2),
        ((SOCKET, REDIS), "", 2),
        ((WebSocket("plain", "/ws", HERE),), "", 2),
    ],
)
def test_two_where_nothing_forbids(facts: tuple[Fact, ...], said: str, replicas: int) -> None:
    assert service("api", *SHOP, *facts, said=said).replicas == replicas
    assert service("api", *SHOP, *facts, said=said, environment="dev").replicas == 1


def test_a_published_service_cannot_have_several() -> None:
    with pytest.raises(UserError, match=r"stackproof.toml:2: api cannot have 3 replicas: it is published"):
        stack(*SHOP, said="proxy = false\nservices.api.replicas = 3")


def test_workers_have_replicas_and_the_scheduler_has_none() -> None:
    entry = BeatEntry("nightly", HERE)
    planned = stack(*JOBS, entry)
    assert (planned.service("worker").replicas, planned.service("beat").replicas) == (2, 1)
    with pytest.raises(UserError, match=r"stackproof.toml:1: beat cannot have 2 replicas: there must be one"):
        stack(*JOBS, entry, said="services.beat.replicas = 2")


# --- which stores


def test_a_service_waits_for_its_stores_alone() -> None:
    said = f'{SAID}services.sms.stores = ["postgres"]\nservices.api.stores = []\n'
    planned = stack(*TWO, REDIS, POSTGRES, said=said)
    sms, api = planned.service("sms"), planned.service("api")
    assert sms.needs == (Need("postgres"),)
    assert sms.secrets == ("postgres-password",)
    assert {each.name for each in sms.environment} & {"REDIS_URL", "DATABASE_URL"} == {"DATABASE_URL"}
    assert (api.needs, api.secrets, api.networks) == ((), (), ("front",))


def test_a_worker_without_stores_is_on_a_network_all_the_same() -> None:
    assert service("worker", *JOBS, said="services.worker.stores = []").networks == ("front",)


def test_a_web_service_that_asks_outside_gets_a_way_out() -> None:
    assert service("api", *SHOP, asks("httpx")).networks == ("front", "out")
    assert service("api", *SHOP, asks("httpx"), said="services.api.outward = false").networks == ("front",)


# --- processes


def test_a_command_of_the_settings_is_a_service() -> None:
    said = (
        'services.pulse = {command = ["python", "-m", "shop.pulse", "@{self.port}", "@{x}"], port = 8002,'
        ' health = "/live", metrics = "/metrics", route = "/pulse/", memory_mb = 99}\nmonitoring = false'
    )
    found = service("pulse", *SHOP, said=said)
    assert found.command == ("python", "-m", "shop.pulse", "@{self.port}", "@{at}{x}")
    assert (found.role, found.port, found.publish, found.replicas, found.metrics) == (
        "process",
        8002,
        None,
        2,
        "/metrics",
    )
    assert found.health
    assert (found.health.kind, found.health.target, found.limits.memory_mb) == ("http", "/live", 99)
    assert found.networks == ("front",)


def test_a_process_reloads_in_dev_and_can_be_published() -> None:
    said = 'services.pulse = {command = ["python", "pulse.py"], port = 8002, publish = 8002}'
    found = service("pulse", *SHOP, said=said, environment="dev")
    assert found.command[0] == "watchfiles"
    assert "python pulse.py" in found.command
    assert (found.publish, found.health) == (Publish("127.0.0.1", 8002), None)
    assert "edge" in found.networks


def test_a_process_alone_is_a_stack() -> None:
    planned = stack(PIP, ROOT, said='services.pulse.command = ["python", "pulse.py"]')
    assert [each.name for each in planned.services] == ["pulse"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('services.x = {command = ["a"], app = "shop.web:create_app()"}', "services.x has both an app and a command"),
        (
            'services.x = {command = ["a"], health = "/"}',
            "stackproof.toml:1: services.x has a health route, but no port",
        ),
        ('services.api.command = ["a"]', "stackproof.toml:1: services.api has the name of another service"),
        ('jobs.migrate.command = ["a"]', "stackproof.toml:1: jobs.migrate has the name of another service"),
        ('services.x.command = ["a"]\njobs.x.command = ["a"]', "stackproof.toml:2: jobs.x has the name of another"),
    ],
)
def test_a_service_is_one_thing(said: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        stack(*SHOP, said=said)


# --- jobs


ALEMBIC = Migration("alembic", "alembic.ini", ("alembic.ini", "migrations"), Place("alembic.ini", 1))


def test_migrations_run_once_before_what_has_a_database() -> None:
    planned = stack(*SHOP, *JOBS, POSTGRES, ALEMBIC)
    job = planned.service("migrate")
    assert (job.role, job.command, job.one_shot, job.restart) == (
        "job", ("alembic", "-c", "alembic.ini", "upgrade", "head"), True, "no",
    )  # fmt: skip
    assert job.needs == (Need("redis"), Need("postgres"))
    assert Need("migrate", "completed") in planned.service("api").needs
    assert Need("migrate", "completed") in planned.service("worker").needs
    assert {"alembic.ini", "migrations"} <= set(planned.build.copy)
    assert planned.database
    assert planned.database.migrations
    assert planned.database.migrations.down == ("alembic", "-c", "alembic.ini", "downgrade", "base")


def test_alembic_runs_where_its_configuration_lies() -> None:
    below = replace(ALEMBIC, config="backend/alembic.ini", inputs=("backend/alembic.ini", "backend/migrations"))
    command = stack(*SHOP, POSTGRES, below).service("migrate").command
    assert command == ("env", "-C", "backend", "alembic", "-c", "alembic.ini", "upgrade", "head")


def test_a_database_file_is_migrated_too() -> None:
    file = Backend("sqlite", "DATABASE_URL", "sqlite:///data/x.db", HERE)
    assert service("api", *SHOP, file, ALEMBIC).needs == (Need("migrate", "completed"),)


def test_django_migrates_by_itself() -> None:
    django = Migration("django", "manage.py", ("manage.py",), Place("manage.py", 1))
    planned = stack(*SHOP, POSTGRES, django)
    assert planned.service("migrate").command == ("python", "manage.py", "migrate", "--noinput")
    assert planned.database
    assert planned.database.migrations
    *words, everything_back = planned.database.migrations.down
    assert words == ["python", "manage.py", "shell", "-c"]
    assert ast.parse(everything_back)


def test_a_job_of_the_settings_is_awaited_by_what_it_is_before() -> None:
    said = (
        '[jobs.seed]\ncommand = ["python", "-m", "shop.seed"]\nbefore = ["api", "proxy"]\n'
        'environments = ["dev", "stage"]'
    )
    planned = stack(*SHOP, POSTGRES, ALEMBIC, said=said, environment="stage")
    seed = planned.service("seed")
    assert (seed.command, seed.one_shot) == (("python", "-m", "shop.seed"), True)
    assert seed.needs == (Need("postgres"), Need("migrate", "completed"))
    assert planned.service("api").waits_for("seed")
    assert planned.service("proxy").waits_for("seed")
    assert not stack(*SHOP, POSTGRES, ALEMBIC, said=said).has("seed")


def test_a_job_can_come_before_the_migrations() -> None:
    said = 'jobs.prepare = {command = ["python", "prepare.py"], before = ["migrate"]}'
    planned = stack(*SHOP, POSTGRES, ALEMBIC, said=said)
    assert planned.service("prepare").needs == (Need("postgres"),)
    assert planned.service("migrate").waits_for("prepare")


# --- names


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("services.apii.memory_mb = 64", r"stackproof.toml:1: apii in services is no .*; did you mean 'api'\?"),
        ("[services.quux]\n", "quux in services is no service of this project$"),
        ("services.worker.memory_mb = 64", "worker in services is no service"),
        ('jobs.seed = {command = ["a"], before = ["apo"]}', r"stackproof.toml:1: apo in jobs.seed.before is no"),
        ('services.api.stores = ["postgre"]', r"stackproof.toml:1: postgre in services.api.stores .* 'postgres'"),
        ('secrets.JWT = "given"', "stackproof.toml:1: JWT in secrets is read nowhere in the code"),
    ],
)
def test_names_that_belong_to_nothing_are_refused(said: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as refused:
        stack(*SHOP, POSTGRES, said=said)
    assert refused.value.fix.startswith("There are: ")


@pytest.mark.parametrize("name", ["backup", "load", "proxy", "grafana", "flower"])
def test_names_of_other_environments_are_known(name: str) -> None:
    assert stack(*SHOP, said=f"services.{name}.memory_mb = 64", environment="dev")


# --- a crowd


def test_a_crowd_is_asked_less_often_while_it_starts() -> None:
    few = stack(*SHOP).services
    assert start.probed(few) == few
    health = few[0].health
    many = tuple(replace(few[0], name=f"web{number}", health=health if number else None) for number in range(10))
    assert [each.health.start_interval for each in start.probed(many) if each.health] == [1.0] * 9
    assert FLASK.target in " ".join(few[0].command)
