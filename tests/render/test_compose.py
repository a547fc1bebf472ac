"""Compose files: valid, disjoint, and true to the stack."""

import subprocess
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as some

from stackproof.model.artifacts import Artifact
from stackproof.model.settings import Settings
from stackproof.model.stack import ENVIRONMENTS, Assignment, EnvironmentName, Service, Stack, literal
from stackproof.plan import plan
from stackproof.render import compose, render
from tests.plan.small import SHOP, stack
from tests.plan.tubeatlas import PROJECT


def documents() -> dict[str, Any]:
    artifacts = compose.render({name: plan(PROJECT, Settings(), name) for name in ENVIRONMENTS})
    return {artifact.path: yaml.safe_load(artifact.text) for artifact in artifacts}


def one(planned: Stack) -> Any:  # noqa: ANN401  a YAML document
    (artifact,) = compose.render({planned.environment: planned})
    return yaml.safe_load(artifact.text)


def with_service(planned: Stack, **changes: Any) -> Stack:  # noqa: ANN401
    return replace(planned, services=(replace(planned.services[0], **changes),))


def names(document: Any) -> set[str]:  # noqa: ANN401
    parts = (*document["networks"].values(), *document["volumes"].values())
    ports = {port["published"] for service in document["services"].values() for port in service.get("ports", ())}
    images = {service["image"] for service in document["services"].values() if "build" in service}
    return {document["name"], *(part["name"] for part in parts), *ports, *images}


def test_environments_share_no_name_and_no_port() -> None:
    for one, other in combinations(documents().values(), 2):
        assert not names(one) & names(other)


def test_no_environment_file_is_loaded_by_its_name() -> None:
    """Compose merges compose.override.yaml without being asked to."""
    assert not any("override" in path for path in documents())


def test_every_service_has_least_privilege_and_limits() -> None:
    for document in documents().values():
        for service in document["services"].values():
            assert service["read_only"] is True
            assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
            assert not service["user"].startswith("0:")
            assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
            assert service["healthcheck"].get("start_interval", "250ms") == "250ms"
            assert "container_name" not in service  # a fixed name cannot be scaled


def test_what_is_built_is_never_asked_of_a_registry() -> None:
    for document in documents().values():
        for service in document["services"].values():
            assert service.get("pull_policy") == ("never" if "build" in service else None)


def test_stores_publish_nothing() -> None:
    for document in documents().values():
        assert "ports" not in document["services"]["redis"]
        assert document["networks"]["back"]["internal"] is True


SHOP_STACK = stack(*SHOP)


def environment(assignment: Assignment) -> object:
    return one(with_service(SHOP_STACK, environment=(assignment,)))["services"]["api"]["environment"][assignment.name]


@pytest.mark.parametrize(
    ("assignment", "written"),
    [
        (Assignment("A", "x", settable=False), "x"),
        (Assignment("A", "pa$$w$ord", settable=False), "pa$$$$w$$ord"),
        (Assignment("A", "x", settable=True), "${A:-x}"),
        (Assignment("A", "$x", settable=True), "${A:-$$x}"),
        (Assignment("A", "a\nb", settable=True), None),
        (Assignment("A", '{"a": {}}', settable=True), '${A:-{"a": {}}}'),
        (Assignment("A", "}{", settable=True), None),
        (Assignment("A", "{", settable=True), None),
        (Assignment("A", None, settable=True), None),
        (Assignment("A", None, settable=True, required=True), "${A:?set it in deploy/env/prod.env}"),
        (Assignment("A", "x", settable=True, required=True), "${A:-x}"),
    ],
)
def test_environment_values(assignment: Assignment, written: object) -> None:
    assert environment(assignment) == written


@settings(deadline=None)  # the first one waits for a machine that is busy
@given(some.text(some.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30))
@example("$${x}$")
@example("@{redis.host}@{@{at}")
def test_a_fixed_value_survives_yaml_and_interpolation(value: str) -> None:
    written = environment(Assignment("A", literal(value), settable=False))
    assert isinstance(written, str)
    assert "$" not in written.replace("$$", "")
    assert written.replace("$$", "$") == value


def test_what_the_code_gets_as_a_file_is_no_variable() -> None:
    planned = with_service(SHOP_STACK, environment=(Assignment("A", None, settable=False, secret=True),))
    assert "environment" not in one(planned)["services"]["api"]


def test_a_service_without_health_check_does_not_inherit_the_images() -> None:
    document = one(with_service(SHOP_STACK, health=None, init=True, publish=None))
    assert document["services"]["api"]["healthcheck"] == {"disable": True}
    assert document["services"]["api"]["init"] is True


def test_a_renamed_stack_shares_nothing_with_the_first() -> None:
    again = replace(SHOP_STACK, project="shop-prove-1234")
    assert one(again)["name"] == "shop-prove-1234-prod"
    assert not {part["name"] for part in one(again)["networks"].values()} & names(one(SHOP_STACK))


def test_conditions_are_composes_own() -> None:
    found = one(plan(PROJECT, Settings(), "prod"))["services"]["worker"]["depends_on"]
    assert found == {"redis": {"condition": "service_healthy"}}


@pytest.mark.engine
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_docker_compose_accepts_each(tmp_path: Path, name: EnvironmentName) -> None:
    _put(tmp_path, render({each: plan(PROJECT, Settings(), each) for each in ENVIRONMENTS}))
    command = ("docker", "compose", "-f", compose.path(name), "config", "-q")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def _put(folder: Path, artifacts: tuple[Artifact, ...]) -> None:
    for artifact in artifacts:
        path = folder / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text)


def test_a_service_can_stand_without_anything() -> None:
    bare = Service("api", "web", "x", False, ("run",))
    document = one(replace(SHOP_STACK, services=(bare,)))
    assert set(document["services"]["api"]) >= {"image", "command", "user"}
    assert "ports" not in document["services"]["api"]
