"""Claims about a stack whose container files somebody else wrote."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.errors import Unmeasurable
from stackproof.model.proof import Measurement, Verdict
from stackproof.model.running import Completed, LimitsFound
from stackproof.model.source import SourceTree
from stackproof.model.stack import Adopted, Bounds, GivenBuild, Health, Limits, Service
from stackproof.prove import (
    code_read_only,
    composed,
    files_valid,
    health_can_fail,
    image_size,
    images,
    limits_in_force,
    non_root_image,
    redis_refuses,
)
from tests.prove import fake_running, fakes

GIVEN = GivenBuild("api", "", "Dockerfile", "python:3.13", "python", work_dir="/srv")
ADOPTED = Adopted(("compose.yaml",), '{"services": {}}', "{}", (GIVEN,))
PROBE = {"test": ["CMD", "redis-cli", "ping"]}


def _bench(tmp_path: Path, shop: fakes.FakeWorkshop | None = None, **tools: Completed) -> fakes.FakeBench:
    api = replace(fakes.API, build="api")
    build = replace(fakes.BUILD, name="api")
    stack = replace(fakes.STACK, services=(api,), build=build, adopted=ADOPTED)
    tree = SourceTree({**fakes.TREE.files, "compose.yaml": b"x: ${PASSWORD:?}\n"})
    return fakes.FakeBench(tmp_path, shop or fakes.FakeWorkshop(), stack=stack, tree=tree, tools=tools)


def _running(services: Iterable[Service], document: object) -> fake_running.FakeBench:
    adopted = replace(ADOPTED, document=json.dumps(document))
    stack = replace(fake_running.STACK, services=tuple(services), adopted=adopted)
    return fake_running.FakeBench(fake_running.FakeRunning(stack))


def test_the_document_is_that_of_the_files(tmp_path: Path) -> None:
    assert composed.documents(_bench(tmp_path)) == {"prod": {"services": {}}}


def test_compose_is_asked_about_the_files_as_they_were_named(tmp_path: Path) -> None:
    refused = Completed((), 1, 0.1, "", "service api has neither an image nor a build context")
    measured = files_valid.CLAIM.measure(_bench(tmp_path, config=refused))
    assert measured.raw[0].argv[2:4] == ("-f", "compose.yaml")
    assert files_valid.CLAIM.judge(measured, Bounds()).verdict is Verdict.REFUTED
    bench = _bench(tmp_path)
    bench.tree = fakes.TREE
    with pytest.raises(Unmeasurable, match=r"compose\.yaml is not among the files"):
        files_valid.CLAIM.measure(bench)


def test_an_image_is_looked_at_as_its_dockerfile_left_it(tmp_path: Path) -> None:
    shop = fakes.FakeWorkshop(says={"id -ru": "0 0 0 0"}, images={"prod": replace(fakes.IMAGE, user="")})
    judged = non_root_image.CLAIM.judge(non_root_image.CLAIM.measure(_bench(tmp_path, shop)), Bounds())
    assert judged.verdict is Verdict.REFUTED
    size = image_size.CLAIM.measure(_bench(tmp_path))
    assert (size.figure, size.observed["control_bytes"]) == ("200 MB", None)
    assert image_size.CLAIM.judge(size, Bounds()).because == "200 MB"


@pytest.mark.parametrize(("folder", "looked_into"), [("/srv", ("/srv",)), ("/", ())])
def test_the_code_lies_where_the_image_starts(folder: str, looked_into: tuple[str, ...]) -> None:
    assert code_read_only._roots(replace(GIVEN, work_dir=folder)) == looked_into
    assert code_read_only._roots(fakes.BUILD) == ("/app", "/opt/stackproof")


def test_a_limit_that_no_file_states_is_refuted_unless_the_engine_has_one() -> None:
    redis = replace(fake_running.STACK.service("redis"), limits=Limits(0, 0.0, 0))
    bench = _running([redis], {})
    bench.up.limited = LimitsFound(None, None, 4096, ("/sys/fs/cgroup",))
    judged = limits_in_force.CLAIM.judge(limits_in_force.CLAIM.measure(bench), Bounds())
    assert judged.verdict is Verdict.REFUTED
    assert "redis: memory is not limited: the Compose file states no limit" in judged.because
    assert "pids" not in judged.because


@pytest.mark.parametrize(("passes_alone", "verdict"), [(True, Verdict.REFUTED), (False, Verdict.PROVED)])
def test_a_check_that_names_no_port_is_tried_where_nothing_runs(passes_alone: bool, verdict: Verdict) -> None:
    redis = replace(fake_running.STACK.service("redis"), health=Health("redis", "", 6379))
    bench = _running([redis], {"services": {"redis": {"healthcheck": PROBE}}})
    bench.shop = fakes.FakeWorkshop(says={"ping": "PONG"} if passes_alone else {})
    judged = health_can_fail.CLAIM.judge(health_can_fail.CLAIM.measure(bench), Bounds())
    assert judged.verdict is verdict
    assert ("passes where nothing runs in the container" in judged.because) is passes_alone


def test_a_password_is_known_from_the_command_alone() -> None:
    redis = replace(fake_running.STACK.service("redis"), command=("redis-server", "--requirepass", "w0rd"))
    assert redis_refuses.password(_running([redis], {}), redis) == "w0rd"
    bare = replace(redis, command=("redis-server", "/etc/redis.conf"))
    assert redis_refuses.password(_running([bare], {}), bare) == ""


def test_without_a_known_password_nobody_is_asked_for_the_right_one() -> None:
    closed = [{"way": "without a password", "commands": ["GET x"], "replies": ["-NOAUTH"]}]
    row = {"store": "redis", "member": "api", "closed": closed, "open": []}
    judged = redis_refuses.CLAIM.judge(Measurement("", "", {"servers": [row]}), Bounds())
    assert judged.verdict is Verdict.PROVED


def test_without_an_image_of_python_there_is_nothing_to_look_at() -> None:
    none = replace(fakes.STACK, adopted=replace(ADOPTED, builds=()))
    with pytest.raises(Unmeasurable, match="builds no image that holds Python"):
        images.of_python(none)
    node = replace(GIVEN, software="node")
    api = replace(fakes.API, build="api")
    page = replace(
        none, services=(api,), build=replace(fakes.BUILD, name="api"), adopted=replace(ADOPTED, builds=(node,))
    )
    with pytest.raises(Unmeasurable):
        images.of_python(page)
    python = replace(page, adopted=ADOPTED)
    assert images.of_python(python) == GIVEN
    assert images.of_python(fakes.STACK) == fakes.BUILD
