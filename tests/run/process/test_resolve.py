"""A stack filled in for this machine."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.errors import UserError
from stackproof.model.stack import (
    Assignment,
    Because,
    Build,
    Health,
    Install,
    Need,
    Publish,
    Service,
    Stack,
    Volume,
)
from stackproof.run.process.folder import Folder
from stackproof.run.process.launch import Launch
from stackproof.run.process.resolve import Machine, launches

BUILD = Build("3.11", "", "base", "0", Install("pip", "r.txt", None, None, ()), (), ("", "src"), "runtime")
REDIS = Service(
    "redis", "store", "redis", False, ("redis-server", "--dir", "@{volume.data}"), port=6379,
    health=Health("redis", "", 6379),
)  # fmt: skip
API = Service(
    "api", "web", "app", True, ("python", "-m", "http.server", "--bind", "@{self.bind}", "@{self.port}"),
    environment=(
        Assignment("REDIS_URL", "redis://@{redis.host}:@{redis.port}/0", settable=False),
        Assignment("LEVEL", "INFO", settable=True),
        Assignment("TOKEN", None, settable=True, secret=True),
        Assignment("BEAT", "@{tmp}/beat", settable=False),
    ),
    port=8000, publish=Publish("127.0.0.1", 8100), health=Health("http", "/health", 8000),
    needs=(Need("redis"), Need("flower")),
)  # fmt: skip


def filled(tmp_path: Path, *services: Service, settings: Mapping[str, str] | None = None) -> dict[str, Launch]:
    for program in ("python", "celery"):
        (tmp_path / "venv/bin").mkdir(parents=True, exist_ok=True)
        (tmp_path / "venv/bin" / program).touch()
    stack = Stack("shop", "dev", services, (Volume("data", Because("")),), (), BUILD)
    ports = {"redis": 20123, "api": 8100}
    machine = Machine(tmp_path, Folder(tmp_path / "state"), tmp_path / "venv", "/opt/valkey", ports, settings or {})
    return {launch.name: launch for launch in launches(services, stack, machine)}


def test_references_are_this_machine(tmp_path: Path) -> None:
    api = filled(tmp_path, REDIS, API)["api"]
    assert api.argv[1:] == ("-m", "http.server", "--bind", "127.0.0.1", "8100")
    assert api.environment["REDIS_URL"] == "redis://127.0.0.1:20123/0"
    assert api.environment["BEAT"] == f"{tmp_path}/state/scratch/api/beat"
    assert api.address == "http://127.0.0.1:8100"
    assert api.health == replace(API.health or Health("http", ""), port=8100)


def test_python_is_the_projects(tmp_path: Path) -> None:
    assert filled(tmp_path, REDIS, API)["api"].argv[0] == f"{tmp_path}/venv/bin/python"


def test_the_images_folder_is_the_projects(tmp_path: Path) -> None:
    reloading = replace(API, command=("python", "--reload-dir", "/app/src", "/app", "/apples", "--x=/app"))
    assert filled(tmp_path, REDIS, reloading)["api"].argv[2:] == (
        f"{tmp_path}/src",
        f"{tmp_path}",
        "/apples",
        "--x=/app",
    )


def test_redis_is_the_embedded_server_on_loopback_only(tmp_path: Path) -> None:
    redis = filled(tmp_path, REDIS, API)["redis"]
    assert redis.argv[0] == "/opt/valkey"
    assert redis.argv[-4:] == ("--bind", "127.0.0.1", "--port", "20123")
    assert "PYTHONPATH" not in redis.environment
    assert redis.address == ""


def test_a_bind_that_the_stack_names_is_kept(tmp_path: Path) -> None:
    named = replace(REDIS, command=("redis-server", "--bind", "@{self.bind}", "--port", "@{self.port}"))
    assert filled(tmp_path, named)["redis"].argv == ("/opt/valkey", "--bind", "127.0.0.1", "--port", "20123")


def test_the_environment_is_a_short_list(tmp_path: Path) -> None:
    api = filled(tmp_path, REDIS, API)["api"]
    assert set(api.environment) == {
        "PATH", "HOME", "TMPDIR", "LANG", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH",
        "REDIS_URL", "LEVEL", "BEAT",
    }  # fmt: skip
    assert api.environment["PYTHONPATH"] == f"{tmp_path}:{tmp_path}/src:{tmp_path}/state/health"


def test_the_rendered_helper_is_taken_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "deploy/health").mkdir(parents=True)
    assert filled(tmp_path, REDIS, API)["api"].environment["PYTHONPATH"].endswith(f":{tmp_path}/deploy/health")


def test_only_settable_variables_come_from_the_users_file(tmp_path: Path) -> None:
    said = {"LEVEL": "@{tmp} stays", "TOKEN": "t", "REDIS_URL": "redis://elsewhere", "OTHER": "x"}
    environment = filled(tmp_path, REDIS, API, settings=said)["api"].environment
    assert environment["LEVEL"] == "@{tmp} stays"  # references are ours alone
    assert environment["TOKEN"] == "t"
    assert environment["REDIS_URL"] == "redis://127.0.0.1:20123/0"
    assert "OTHER" not in environment


def test_required_variables_are_named_all_at_once(tmp_path: Path) -> None:
    needs = tuple(Assignment(name, None, settable=True, required=True) for name in ("KEY", "DSN"))
    with pytest.raises(UserError, match=r"no value: KEY, DSN"):
        filled(tmp_path, replace(API, environment=needs))
    assert filled(tmp_path, replace(API, environment=needs), settings={"KEY": "1", "DSN": "2"})


def test_needs_of_services_that_do_not_run_are_dropped(tmp_path: Path) -> None:
    assert filled(tmp_path, REDIS, API)["api"].needs == (Need("redis"),)


def test_a_program_that_is_nowhere_is_said_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="api runs no-such-server") as caught:
        filled(tmp_path, replace(API, command=("no-such-server",)))
    assert "no-such-server" in caught.value.fix
