from pathlib import Path

import pytest

from stackproof.build.docker.build import Order, _failure, arguments
from stackproof.build.docker.progress import Steps
from stackproof.errors import BuildFailed, ToolFailed
from stackproof.model.running import Completed


def order(*, cold: bool = False) -> Order:
    return Order(Path("/src"), "runtime", "x:1", "x", cold, None, {"CANARY": "planted"})


def test_values_of_build_variables_stay_out_of_the_arguments() -> None:
    words = arguments(order(), None)
    assert words[-3:] == ("--build-arg", "CANARY", "/src")
    assert "planted" not in " ".join(words)
    assert "--secret" not in words
    assert "--no-cache" not in words


def test_the_hosts_certificates_are_a_secret_of_the_build() -> None:
    words = arguments(order(cold=True), "/etc/ca.pem")
    assert words[words.index("--secret") + 1] == "id=ca,src=/etc/ca.pem"
    assert "--no-cache" in words


@pytest.mark.parametrize(
    ("said", "exit_code", "kind"),
    [
        ("ERROR: failed to solve: process did not complete", 1, BuildFailed),
        ("Cannot connect to the Docker daemon at unix:///x", 1, ToolFailed),
        ("failed to resolve source metadata for docker.io/library/x:1: no route", 1, ToolFailed),
        ("", None, ToolFailed),
    ],
)
def test_whose_fault_it_is(said: str, exit_code: int | None, kind: type[Exception]) -> None:
    problem = _failure(Completed(("docker",), exit_code, 1.0, "", said), Steps(), order())
    assert type(problem) is kind
    assert problem.fix
