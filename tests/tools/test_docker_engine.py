import socket
from pathlib import Path

import pytest

from stackproof.errors import ToolFailed, UserError
from stackproof.tools.docker import endpoint, plugins
from stackproof.tools.docker.endpoint import Endpoint
from stackproof.tools.docker.engine import Engine, unreachable


def test_docker_host_comes_first() -> None:
    found = endpoint.find({"DOCKER_HOST": "tcp://10.0.0.1:2375", "DOCKER_CONTEXT": "other"})
    assert (found.host, found.local, found.machine) == ("tcp://10.0.0.1:2375", False, "10.0.0.1")
    assert Endpoint("ssh://me@engine.example", "").machine == "engine.example"
    assert Endpoint("unix:///s", "").machine == "127.0.0.1"


def test_a_context_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no-such-context"):
        endpoint.find({"DOCKER_CONTEXT": "no-such-context", "HOME": str(tmp_path)})


def test_the_current_context_is_read_from_the_clients_configuration(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"currentContext": "no-such-context"}')
    with pytest.raises(UserError, match="no-such-context"):
        endpoint.find({"DOCKER_CONFIG": str(tmp_path)})


def test_a_broken_configuration_is_no_context(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    assert endpoint.find({"DOCKER_CONFIG": str(tmp_path)}).local


def test_plugins_see_a_clean_environment() -> None:
    environ = {
        "PATH": "/bin",
        "COMPOSE_FILE": "x",
        "SECRET_KEY": "y",
        "DOCKER_CONFIG": "/c",
        "DOCKER_HOST": "unix:///s",
    }
    kept = endpoint.cleaned(environ, Endpoint("unix:///s", "DOCKER_HOST"))
    kept.pop("STACKPROOF_CA_BUNDLE", None)
    assert kept == {"PATH": "/bin", "DOCKER_CONFIG": "/c", "DOCKER_HOST": "unix:///s"}


def test_the_rootless_socket_is_told_to_plugins_too() -> None:
    assert endpoint.cleaned({}, Endpoint("unix:///r", "the rootless socket"))["DOCKER_HOST"] == "unix:///r"


def test_the_users_own_certificates_come_first(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text("x")
    environ = {"SSL_CERT_FILE": str(tmp_path / "missing.pem"), "REQUESTS_CA_BUNDLE": str(own)}
    assert endpoint.ca_bundle(environ) == str(own)


def test_no_socket_is_said_with_both_ways_out(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="there is no such socket") as caught:
        Engine({"DOCKER_HOST": f"unix://{tmp_path}/docker.sock"}).ask("Asking", lambda api: api.version())
    assert "DOCKER_HOST" in caught.value.fix
    assert "--on process" in caught.value.fix


def test_a_stopped_engine_is_said(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(f"{tmp_path}/docker.sock")
    with pytest.raises(ToolFailed, match="is not running"):
        Engine({"DOCKER_HOST": f"unix://{tmp_path}/docker.sock"}).ask("Asking", lambda api: api.version())


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(ToolFailed, match="does not answer"):
        Engine({"DOCKER_HOST": "nonsense://x"}).ask("Asking", lambda api: api.version())


def test_no_permission_is_said() -> None:
    problem = RuntimeError(OSError("Connection aborted", PermissionError(13, "Permission denied")))
    said = unreachable("Asking", Endpoint("unix:///s", "the usual socket"), problem)
    assert "no permission" in str(said)
    assert "usermod -aG docker" in said.fix


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Docker Compose version 2.26.1-4", "2.26.1-4"),
        ("Docker Compose version v2.29.7", "2.29.7"),
        ("github.com/docker/buildx v0.13.1 788433953", "0.13.1"),
        ("github.com/docker/buildx 0.13.1+ds1 0.13.1+ds1-3", "0.13.1+ds1"),
        ("no number", None),
    ],
)
def test_versions_are_read(text: str, version: str | None) -> None:
    assert plugins.parsed(text) == version


def test_too_old_is_said() -> None:
    with pytest.raises(ToolFailed, match=r"24\.0\.7 is too old: 25\.0"):
        plugins._new_enough("Docker Engine", "24.0.7", (25, 0), "Update")
    plugins._new_enough("Docker Engine", "25.0.1", (25, 0), "Update")


def test_a_missing_plugin_is_said(tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\nexit 1\n")
    docker.chmod(0o755)
    engine = Engine({"DOCKER_HOST": "unix:///s", "PATH": str(tmp_path)})
    with pytest.raises(ToolFailed, match="Docker Compose is not installed") as caught:
        plugins.plugin(engine, "compose", "Docker Compose", (2, 24))
    assert "--on process" in caught.value.fix
