"""Health checks of a Compose file and of a Dockerfile."""

import pytest

from stackproof.model.stack import Health
from tests.adopt.given import PYTHON, service


@pytest.mark.parametrize(
    ("test", "kind", "target", "port"),
    [
        ("curl -f http://localhost:8000/health || exit 1", "http", "/health", 8000),
        (["CMD", "wget", "-q", "https://127.0.0.1/up"], "https", "/up", 443),
        (["CMD-SHELL", "curl http://0.0.0.0"], "http", "/", 80),
        (["CMD", "redis-cli", "ping"], "redis", "", 6379),
        (["CMD", "redis-cli", "-p", "6380", "PING"], "redis", "", 6380),
        ("pg_isready -U shop", "postgres", "", 5432),
        ("pg_isready -p 5433", "postgres", "", 5433),
        ("test -f /tmp/alive", "command", "test -f /tmp/alive", 0),
    ],
)
def test_the_command_says_what_is_asked(test: object, kind: str, target: str, port: int) -> None:
    found = service(image="x", healthcheck={"test": test}).health
    assert found is not None
    assert (found.kind, found.target, found.port) == (kind, target, port)


def test_times_are_the_engines_where_nobody_says_others() -> None:
    assert service(image="x", healthcheck={"test": "true", "interval": "5s", "retries": 9}).health == Health(
        "command", "true", 0, interval=5.0, timeout=30.0, retries=9, start_period=0.0, start_interval=5.0
    )


def test_the_dockerfile_has_it_where_the_service_has_none() -> None:
    file = PYTHON + "HEALTHCHECK --interval=7s --start-period=1m CMD curl -f http://localhost:8000/up\n"
    found = service(file, build=".").health
    assert found is not None
    assert (found.kind, found.target, found.interval, found.start_period) == ("http", "/up", 7.0, 60.0)
    changed = service(file, build=".", healthcheck={"interval": "3s"}).health
    assert changed is not None
    assert (changed.target, changed.interval) == ("/up", 3.0)
    exact = service(PYTHON + 'HEALTHCHECK CMD ["curl", "http://localhost:8000/exact"]\n', build=".").health
    assert exact is not None
    assert exact.target == "/exact"


def test_what_is_switched_off_is_none() -> None:
    file = PYTHON + "HEALTHCHECK CMD true\n"
    assert service(file, build=".", healthcheck={"disable": True}).health is None
    assert service(file, build=".", healthcheck={"test": ["NONE"]}).health is None
    assert service(file + "HEALTHCHECK NONE\n", build=".").health is None
    assert service(image="x").health is None
