"""One service of a Compose file."""

import pytest

from stackproof.model.stack import Limits, Mount, Need, Publish
from tests.adopt.given import PYTHON, composition, service, stack


def test_a_built_python_service() -> None:
    found = service(build=".", ports=["127.0.0.1:8080:8000", "9000:9000", "53:53/udp", "443:8443"])
    assert (found.role, found.software, found.built, found.port) == ("web", "python", True, 8000)
    assert found.image == "shop-adopted-api:prod"
    assert found.command == ("/bin/sh", "-c", "uvicorn shop.main:app --port 8000")
    assert found.publish == Publish("127.0.0.1", 8080, 8000)
    assert found.more == (Publish("0.0.0.0", 9000, 9000), Publish("0.0.0.0", 443, 8443, "https"))
    assert (found.uid, found.gid) == (10001, 10001)


def test_what_is_not_said_is_not_there() -> None:
    found = service(image="ghcr.io/somebody/thing")
    assert (found.role, found.software, found.port, found.health) == ("process", "other", None, None)
    assert found.limits == Limits(0, 0.0, 0)
    assert (found.read_only, found.restart, found.grace, found.networks) == (False, "no", 10.0, ("default",))
    assert (found.uid, found.replicas, found.command) == (0, 1, ())


@pytest.mark.parametrize(
    ("image", "role", "software", "port"),
    [
        ("redis:7-alpine", "store", "redis", 6379),
        ("docker.io/library/postgres:17@sha256:00", "store", "postgres", 5432),
        ("mariadb", "store", "other", 3306),
        ("nginx:1.30", "front", "nginx", 80),
        ("prom/prometheus:v3", "observe", "prometheus", 9090),
        ("/", "process", "other", None),
    ],
)
def test_the_image_tells_what_runs(image: str, role: str, software: str, port: int | None) -> None:
    found = service(image=image)
    assert (found.role, found.software, found.port) == (role, software, port)


@pytest.mark.parametrize(
    ("base", "ports", "role", "software"),
    [
        ("node:24-slim", ["3000:3000"], "front", "node"),
        ("node:24-slim", [], "process", "node"),
        ("nginx:1.30", [], "front", "nginx"),
        ("debian:13", ["80:80"], "process", "other"),
        ("python:3.13", ["80:80"], "web", "python"),
        ("python:3.13", [], "process", "python"),
        ("ghcr.io/astral-sh/uv:0.9", [], "process", "python"),
    ],
)
def test_a_base_tells_what_is_built_on_it(base: str, ports: list[str], role: str, software: str) -> None:
    found = service(f'FROM {base}\nCMD ["./start"]\n', build=".", ports=ports)
    assert (found.role, found.software) == (role, software)


def test_the_command_says_more_than_the_image() -> None:
    celery = {"image": "ghcr.io/shop/app", "command": "celery -A shop worker -Q a,b"}
    found = service(**celery)
    assert (found.role, found.software, found.queues) == ("worker", "python", ("a", "b"))
    assert service(image="ghcr.io/shop/app", command="python bot.py").software == "python"
    assert service("FROM debian:13\nCMD python3 bot.py\n", build=".").software == "python"


def test_an_entrypoint_takes_the_images_command_away() -> None:
    assert service(build=".", entrypoint=["./wait"]).command == ("./wait",)
    assert service(build=".", command=["python", "bot.py"]).command == ("python", "bot.py")
    file = 'FROM python\nENTRYPOINT ["tini", "--"]\nCMD ["uvicorn", "a:b"]\n'
    assert service(file, build=".").command == ("tini", "--", "uvicorn", "a:b")


def test_limits_replicas_and_restart_in_either_form() -> None:
    resources = {"limits": {"memory": "256M", "cpus": "0.5", "pids": 64}}
    deployed = service(
        image="x", deploy={"resources": resources, "replicas": 3, "restart_policy": {"condition": "any"}}
    )
    assert (deployed.limits, deployed.replicas, deployed.restart) == (Limits(256, 0.5, 64), 3, "unless-stopped")
    plain = service(image="x", mem_limit="1g", cpus=2, pids_limit=99, scale=2, restart="on-failure:3")
    assert (plain.limits, plain.replicas, plain.restart) == (Limits(1024, 2.0, 99), 2, "unless-stopped")
    assert service(image="x", deploy={"restart_policy": {"condition": "none"}}).restart == "no"


def test_mounts_and_scratch_folders() -> None:
    volumes = ["data:/data", "./:/src:ro", "/anonymous", {"type": "tmpfs", "target": "/run"}]
    given = composition(api={"image": "x", "volumes": volumes, "tmpfs": "/tmp:size=1m"}).document
    found = service(**given["services"]["api"]) if isinstance(given["services"], dict) else None
    assert found is not None
    assert found.mounts == (Mount("/data", volume="data"), Mount("/src", source=".", read_only=True))
    assert found.scratch == ("/tmp", "/run")


def test_hosts_in_variables_are_references_to_other_services() -> None:
    environment = {
        "REDIS_URL": "redis://:pw@redis:6379/0", "DB_HOST": "db", "BROKERS": "redis:6379,db:5432", "NAME": "db",
        "API_KEY": "k", "UNSET": None, "BRACE": "@{x}", "OTHER": "http://redis-more:80",
    }  # fmt: skip
    parts = {
        "redis": {"image": "redis"},
        "db": {"image": "postgres"},
        "api": {"image": "x", "environment": environment},
    }
    found = {each.name: each.value for each in stack(composition(**parts)).service("api").environment}
    assert found["REDIS_URL"] == "redis://:pw@@{redis.host}:6379/0"
    assert found["DB_HOST"] == "@{db.host}"
    assert found["BROKERS"] == "@{redis.host}:6379,@{db.host}:5432"
    assert (found["NAME"], found["BRACE"], found["OTHER"]) == ("db", "@{at}{x}", "http://redis-more:80")
    assert found["UNSET"] is None
    assert [each.name for each in stack(composition(**parts)).service("api").environment if each.secret] == ["API_KEY"]


def test_a_name_that_no_reference_can_hold_stays_as_it_is() -> None:
    environment = {"DB_HOST": "DB", "URL": "tcp://DB:5432", "RATIO": "1:30"}
    found = stack(composition(DB={"image": "postgres"}, api={"image": "x", "environment": environment}))
    assert {each.name: each.value for each in found.service("api").environment} == environment


def test_needs_are_those_that_can_come_true() -> None:
    parts = {
        "db": {"image": "postgres"}, "cache": {"image": "redis"}, "job": {"image": "x"},
        "extra": {"image": "x", "profiles": ["more"]},
        "api": {"image": "x", "depends_on": {
            "db": {"condition": "service_healthy"}, "cache": {"condition": "service_started"},
            "job": {"condition": "service_completed_successfully"}, "extra": {"condition": "service_started"},
        }},
    }  # fmt: skip
    found = stack(composition(**parts))
    assert found.service("api").needs == (Need("db", "healthy"), Need("cache", "started"), Need("job", "completed"))
    assert found.service("job").one_shot
    assert found.service("job").role == "job"


def test_a_migration_ends_by_itself_unless_it_is_started_again() -> None:
    assert service(build=".", command="alembic upgrade head").one_shot
    assert not service(build=".", command="alembic upgrade head", restart="always").one_shot


def test_a_port_is_read_from_whatever_says_it_first() -> None:
    assert service(image="x", expose=["9000"]).port == 9000
    assert service(image="x", ports=["80:9001"]).port == 9001
    assert service("FROM python\nEXPOSE 9002\n", build=".").port == 9002
    assert service("FROM python\nEXPOSE $PORT\n", build=".").port is None


def test_a_network_mode_is_no_network_of_the_stack() -> None:
    assert service(image="x", network_mode="none").networks == ()
    assert PYTHON.startswith("FROM")


def test_a_worker_has_no_port_of_the_servers_image() -> None:
    probe = {"test": "redis-cli -h queue ping"}
    found = service(build=".", command="celery -A shop worker -b redis://queue:6379", healthcheck=probe)
    assert (found.role, found.port) == ("worker", None)
    assert service(image="redis", healthcheck={"test": "redis-cli -p 6380 ping"}).port == 6380
