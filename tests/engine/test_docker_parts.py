"""The docker runtime with the parts of a larger stack: replicas, jobs, several images, watchers without an image."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.build.docker import DockerWorkshop
from stackproof.errors import NotHealthy
from stackproof.model.running import Progress, Site
from stackproof.model.stack import Need, NodeBuild, Service, Stack
from stackproof.run.docker import DockerRuntime, project
from stackproof.run.docker.running import DockerRunning
from stackproof.tools.docker.engine import Engine
from tests.engine import tiny
from tests.engine.commands import PATIENCE

pytestmark = pytest.mark.engine
PORT = 18397
REPOSITORY = Path(__file__).parents[2]
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join((str(REPOSITORY), str(REPOSITORY / "src")))}
IMAGE = "stackproof-tiny-parts:test"
WATCHER = Service("watcher", "observe", "stackproof.invalid/watcher:1", False, ("watch",), networks=("front",))


def ignore(_step: Progress) -> None:
    return


def stack(name: str, script: str = "print('migrated')") -> Stack:
    """Two replicas that answer nobody outside, and a job before them."""
    small = tiny.stack(name, PORT)
    redis, web = small.services
    web = replace(web, image=IMAGE, publish=None, replicas=2, needs=(Need("redis"), Need("migrate", "completed")))
    migrate = replace(
        web, name="migrate", role="job", command=("python", "-c", script), port=None, health=None, replicas=1,
        needs=(Need("redis"),), restart="no", one_shot=True, mounts=(),
    )  # fmt: skip
    return replace(small, services=(redis, migrate, web))


def write(root: Path, wanted: Stack) -> Site:
    """As `tiny.write`, with what a job and replicas need."""
    shown = replace(wanted, services=tuple(each for each in wanted.services if each.health))
    changes: dict[str, dict[str, object]] = {
        "web": {
            "deploy": {"replicas": 2},
            "depends_on": {
                "redis": {"condition": "service_healthy"},
                "migrate": {"condition": "service_completed_successfully"},
            },
        }
    }
    site = tiny.write(root, shown, **changes)
    file = root / "deploy" / f"compose.{wanted.environment}.yaml"
    import yaml

    document = yaml.safe_load(file.read_text())
    document["services"]["migrate"] = {
        "image": IMAGE, "command": list(wanted.service("migrate").command), "networks": ["back"], "restart": "no",
        "depends_on": {"redis": {"condition": "service_healthy"}},
    }  # fmt: skip
    if wanted.has("watcher"):
        document["services"]["watcher"] = {"image": WATCHER.image, "networks": ["front"]}
    file.write_text(yaml.safe_dump(document, sort_keys=False))
    return site


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine()
    root, wanted = tmp_path_factory.mktemp("image"), tiny.stack("docker-parts-image", PORT)
    tiny.write(root, wanted)
    DockerWorkshop(engine).build(root, wanted, tag=IMAGE)
    yield engine
    DockerWorkshop(engine).discard(IMAGE)
    engine.close()


@contextmanager
def up(engine: Engine, wanted: Stack, site: Site, note: Callable[[Progress], None] = ignore) -> Iterator[DockerRunning]:
    runtime = DockerRuntime(engine)
    running = runtime.up(wanted, site, note)
    try:
        yield running
    finally:
        running.close()
        runtime.down(wanted, site, ignore, volumes=True)
        assert project.containers(engine, wanted) == ()
        assert project.one_offs(engine, wanted) == ()
        assert not project.networks(engine, wanted)


@pytest.fixture(scope="module")
def good(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DockerRunning, Site]]:
    wanted = stack("docker-parts")
    site = write(tmp_path_factory.mktemp("good"), wanted)
    with up(engine, wanted, site) as running:
        yield running, site


def test_each_replica_has_a_state_and_a_job_has_ended(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    assert [(each.name, each.replica, each.status, each.health) for each in running.states()] == [
        ("redis", 1, "running", "healthy"),
        ("migrate", 1, "exited", "none"),
        ("web", 1, "running", "healthy"),
        ("web", 2, "running", "healthy"),
    ]
    started = {(each.service, each.replica) for each in running.events() if each.what == "healthy"}
    assert started == {("redis", 1), ("web", 1), ("web", 2)}


def test_commands_logs_and_limits_are_of_one_replica(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    names = [running.run("web", ("hostname",), replica=number).output.strip() for number in (1, 2)]
    assert len(set(names)) == 2
    assert running.logs("web", replica=2).startswith("listening")
    assert running.logs("migrate") == "migrated\n"
    assert running.limits("web", replica=2).memory_bytes == 128 << 20
    assert {each.uid for each in running.processes("web", replica=2)} == {10001}


def test_a_killed_replica_is_that_one_alone(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    before = {each.replica: each.restarts for each in running.states() if each.name == "web"}
    running.kill("web", replica=2)
    assert running.wait_for("web", "healthy", 120.0) is not None
    after = {each.replica: each.restarts for each in running.states() if each.name == "web"}
    assert after == {1: before[1], 2: before[2] + 1}
    assert running.stop("web", replica=2).killed is False
    assert [each.status for each in running.states() if each.name == "web"] == ["running", "exited"]
    running.start("web", replica=2)
    assert running.wait_for("web", "healthy", 120.0) is not None


def test_an_ended_job_has_no_ports_to_try(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    assert {each.service for each in running.attempts()} == {"redis", "web"}


def test_a_second_up_runs_the_job_again_and_nothing_else(good: tuple[DockerRunning, Site], engine: Engine) -> None:
    running, site = good
    pids = {each.replica: each.pid for each in running.states() if each.name == "web"}
    told: list[Progress] = []
    again = DockerRuntime(engine).up(running.stack, site, told.append)
    again.close()
    assert running.logs("migrate") == "migrated\nmigrated\n"
    assert {each.replica: each.pid for each in running.states() if each.name == "web"} == pids
    assert [(step.about, step.text) for step in told if step.state == "done"] == [("migrate", "completed")]


def test_a_job_that_fails_is_told_with_its_last_lines(engine: Engine, tmp_path: Path) -> None:
    wanted = stack("docker-parts-failing", "raise SystemExit('no such revision')")
    site = write(tmp_path, wanted)
    with pytest.raises(NotHealthy, match="migrate of docker-parts-failing-dev exited") as failed:
        DockerRuntime(engine).up(wanted, site, ignore)
    assert "no such revision" in str(failed.value)
    assert project.containers(engine, wanted) == ()
    DockerRuntime(engine).down(wanted, site, ignore, volumes=True)


def test_a_watcher_without_an_image_is_left_out_by_name(engine: Engine, tmp_path: Path) -> None:
    plain = stack("docker-parts-watched")
    wanted = replace(plain, services=(*plain.services, WATCHER))
    site = write(tmp_path, wanted)
    told: list[Progress] = []
    with up(engine, wanted, site, told.append) as running:
        assert list(running.left_out) == ["watcher"]
        assert "stackproof.invalid/watcher:1" in running.left_out["watcher"]
        assert not running.stack.has("watcher")
        assert [step.text for step in told if step.about == "left out"] == [f"watcher: {running.left_out['watcher']}"]
        found = DockerRuntime(engine).attach(wanted, site)
        assert found is not None
        assert found.left_out == running.left_out


def test_a_front_end_is_built_in_its_own_folder(engine: Engine, tmp_path: Path) -> None:
    wanted = tiny.stack("docker-parts-front", PORT)
    front = tmp_path / "frontend"
    front.mkdir()
    (front / "page.txt").write_text("hello")
    (front / "Dockerfile").write_text(
        "FROM python:3.11-slim-bookworm AS runtime\nARG BACKEND\nCOPY page.txt /page.txt\n"
        'RUN echo "$BACKEND" > /backend\n'
    )
    build = NodeBuild(
        name="frontend", context="frontend", node="24", base="node:24-trixie-slim", tool="npm", tool_version=None,
        lock="package-lock.json", manifests=(), copy=("page.txt",), framework="next", kind="next", script="build",
        dev=("next", "dev"), output=".next", public=False, target="runtime",
        arguments=(("BACKEND", "http://@{web.host}:@{web.port}"),),
    )  # fmt: skip
    workshop = DockerWorkshop(engine)
    built = workshop.build(tmp_path, wanted, tag="stackproof-tiny-front:test", image=build)
    try:
        script = "import json; print(json.dumps([open(name).read().strip() for name in ('/page.txt', '/backend')]))"
        assert json.loads(workshop.look(built.image, script).output) == ["hello", "http://web:8000"]
    finally:
        workshop.discard("stackproof-tiny-front:test")


def test_a_replaced_service_has_new_containers_at_other_addresses(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    before = [running.addresses("web", replica) for replica in (1, 2)]
    pids = {each.pid for each in running.states() if each.name == "web"}
    running.replace("web")
    assert running.wait_for("web", "healthy", 120) is not None
    after = [running.addresses("web", replica) for replica in (1, 2)]
    assert all(before)
    assert len(set(after)) == 2
    assert not {each for found in before for each in found} & {each for found in after for each in found}
    assert not pids & {each.pid for each in running.states() if each.name == "web"}
    assert [each.health for each in running.states() if each.name == "redis"] == ["healthy"]


def test_a_service_is_scaled_for_a_while(good: tuple[DockerRunning, Site], engine: Engine) -> None:
    running, site = good
    with running.scaled("web") as scale:
        for number in (1, 3):
            assert scale(number) == ""
            assert DockerRuntime(engine).attach(running.stack, site) is not None  # meanwhile heals nothing
            assert running.wait_for("web", "healthy", PATIENCE) is not None
            assert webs(running) == [(each, "running") for each in range(1, number + 1)]
    assert running.wait_for("web", "healthy", PATIENCE) is not None
    assert webs(running) == [(1, "running"), (2, "running")]


@pytest.mark.parametrize("number", [1, 3])
def test_what_a_killed_stackproof_had_scaled_is_as_planned_again(
    good: tuple[DockerRunning, Site], engine: Engine, number: int
) -> None:
    running, site = good
    script = (
        "import os, signal; from pathlib import Path; from tests.engine import test_docker_parts as parts\n"
        f"root = Path({str(site.root)!r}); site = parts.Site(root, root / '.stackproof' / 'dev')\n"
        "running = parts.DockerRuntime().attach(parts.stack('docker-parts'), site)\n"
        f"with running.scaled('web') as scale: scale({number}); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run((sys.executable, "-c", script), cwd=REPOSITORY, env=ENV, check=False, timeout=PATIENCE)
    assert done.returncode == -signal.SIGKILL
    assert len(webs(running)) == number
    assert DockerRuntime(engine).attach(running.stack, site) is not None
    assert webs(running) == [(1, "running"), (2, "running")]


def webs(running: DockerRunning) -> list[tuple[int, str]]:
    return [(each.replica, each.status) for each in running.states() if each.name == "web"]
