"""A stack on a real engine: brought up, looked at, broken, and gone without a trace."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from stackproof.build.docker import DockerWorkshop
from stackproof.errors import NotHealthy, ToolFailed, Unmeasurable, UserError
from stackproof.model.running import Progress, Site
from stackproof.model.stack import Stack
from stackproof.run.docker import DockerRuntime, journal, project, state
from stackproof.run.docker.running import DockerRunning
from stackproof.tools.docker import sidecar
from stackproof.tools.docker.engine import Engine
from tests.engine import tiny
from tests.engine.commands import PATIENCE

pytestmark = pytest.mark.engine
PORT = 18393
# What lasts for a while, and whom it is done to.
FAULTS = {"frozen": "redis", "cut": "redis", "unresolved": "web", "slowed": "redis", "unwritable": "web"}
CONNECTS = "import socket; line = socket.create_connection(('redis', 6379), 2); line.settimeout(2); "
SAYS = {
    "frozen": CONNECTS + "line.sendall(b'PING\\r\\n'); line.recv(1)",
    "unwritable": "open('/data/written', 'w')",
    "slowed": "import socket\nfor _ in range(5):\n"
    " line = socket.create_connection(('redis', 6379)); line.sendall(b'COMMAND\\r\\n'); line.recv(1)",
}
GONE = "refuses connections|does not answer"
REPOSITORY = Path(__file__).parents[2]


def ignore(_step: Progress) -> None:
    return


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """With the tiny image on it."""
    engine = Engine()
    root, stack = tmp_path_factory.mktemp("image"), tiny.stack("docker-tiny-image", PORT)
    tiny.write(root, stack)
    DockerWorkshop(engine).build(root, stack, tag=tiny.IMAGE)
    yield engine
    DockerWorkshop(engine).discard(tiny.IMAGE)
    engine.close()


@pytest.fixture(scope="module")
def good(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DockerRunning, Site]]:
    stack = tiny.stack("docker-tiny", PORT)
    site = tiny.write(tmp_path_factory.mktemp("good"), stack)
    with up(engine, stack, site) as running:
        yield running, site


@contextmanager
def up(engine: Engine, stack: Stack, site: Site) -> Iterator[DockerRunning]:
    runtime = DockerRuntime(engine)
    running = runtime.up(stack, site, ignore)
    try:
        yield running
    finally:
        running.close()
        runtime.down(stack, site, ignore, volumes=True)
        assert left(engine, stack) == []


def left(engine: Engine, stack: Stack) -> list[str]:
    """Everything on the engine that belongs to the stack."""
    containers = [each.name for each in project.containers(engine, stack)]
    networks = list(project.networks(engine, stack).values())
    return [*containers, *networks, *project.volumes(engine, stack), *sidecar.left(engine, stack.name)]


def test_everything_is_healthy_and_order_was_kept(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    assert [(each.name, each.status, each.health) for each in running.states()] == [
        ("redis", "running", "healthy"),
        ("web", "running", "healthy"),
    ]
    at = {(each.service, each.what): each.at for each in running.events()}
    assert 0 < at["redis", "created"] < at["redis", "started"] < at["redis", "healthy"] <= at["web", "started"]
    assert at["web", "healthy"] == max(
        when for (_, what), when in at.items() if what in ("created", "started") or when <= at["web", "healthy"]
    )


def test_it_answers_where_it_says(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    assert running.address("web") == f"http://127.0.0.1:{PORT}"
    with socket.create_connection(("127.0.0.1", PORT), 2):
        pass


def test_another_process_attaches_to_the_same_time_line(good: tuple[DockerRunning, Site], engine: Engine) -> None:
    running, site = good
    again = DockerRuntime(engine).attach(running.stack, site)
    assert again is not None
    assert again.events()[:6] == running.events()[:6]
    again.close()


def test_without_its_state_folder_the_time_line_is_rebuilt(
    good: tuple[DockerRunning, Site], engine: Engine, tmp_path: Path
) -> None:
    running, site = good
    again = DockerRuntime(engine).attach(running.stack, replace(site, state=tmp_path / "new"))
    assert again is not None
    assert {(each.service, each.what) for each in again.events()} >= {("redis", "started"), ("web", "created")}
    again.close()


def test_commands_run_inside_as_the_services_user(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    done = running.run("web", ("python", "-c", "import os, sys; print(os.getuid()); sys.exit(3)"))
    assert (done.exit_code, done.output) == (3, "10001\n")
    assert done.argv[:2] == ("docker", "exec")


def test_a_command_that_takes_too_long_is_ended_inside_too(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    done = running.run("web", ("python", "-c", "import time; time.sleep(61)"), timeout=1)
    assert done.exit_code is None
    assert not any("61" in each.command for each in running.processes("web"))


def test_processes_limits_and_logs_of_a_good_service(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    for service, uid in (("web", 10001), ("redis", 999)):
        found = running.processes(service)
        assert found[0].pid == 1
        for each in found:
            assert (each.uid, each.capabilities, each.no_new_privileges, each.root_read_only) == (uid, 0, True, True)
        limits, meant = running.limits(service), running.stack.service(service).limits
        assert (limits.memory_bytes, limits.cpus, limits.pids) == (meant.memory_mb << 20, meant.cpus, meant.pids)
    assert "listening" in running.logs("web")
    assert "Ready to accept connections" in running.logs("redis")


def test_only_the_published_port_of_a_good_stack_opens(good: tuple[DockerRunning, Site]) -> None:
    attempts = good[0].attempts()
    assert [each.way for each in attempts if each.opened] == [f"host 127.0.0.1:{PORT}"]
    assert all(each.opened == each.intended for each in attempts)
    assert {(each.service, each.port) for each in attempts} == {("web", 8000), ("redis", 6379)}


def test_a_killed_service_is_restarted_and_docker_kill_would_not_do(
    good: tuple[DockerRunning, Site], engine: Engine
) -> None:
    running, _ = good
    running.kill("web")
    assert running.wait_for("web", "healthy", PATIENCE) is not None
    assert running.states()[1].restarts == 1
    identity = project.container(engine, running.stack, "web").id
    engine.ask("Killing", lambda api: api.kill(identity))
    assert running.wait_for("web", "healthy", 2) is None
    running.start("web")
    assert running.wait_for("web", "healthy", PATIENCE) is not None
    assert [each.what for each in running.events() if each.service == "web"][-6:] == [
        "exited", "restarted", "healthy", "exited", "restarted", "healthy",
    ]  # fmt: skip


def test_killing_from_a_container_when_we_are_not_root_here(good: tuple[DockerRunning, Site], engine: Engine) -> None:
    """The way of a remote engine: the same socket, named in a way that is not local."""
    running, site = good
    with proxy(engine) as (address, _):
        remote = Engine({**os.environ, "DOCKER_HOST": address})
        DockerRunning(remote, running.stack, site).kill("web")
        remote.close()
    assert running.wait_for("web", "healthy", PATIENCE) is not None


def test_a_dependency_that_is_lost_turns_health_red_and_green_again(good: tuple[DockerRunning, Site]) -> None:
    running, _ = good
    stopped = running.stop("redis")
    assert not stopped.killed
    assert stopped.exit_code == 0
    assert running.wait_for("web", "unhealthy", PATIENCE) is not None
    running.start("redis")
    assert running.wait_for("web", "healthy", PATIENCE) is not None


def test_a_file_taken_away_comes_back(good: tuple[DockerRunning, Site], engine: Engine) -> None:
    running, site = good
    path = "@{volume.data}/file.db"
    with running.without_file(path):
        assert running.wait_for("web", "unhealthy", PATIENCE) is not None
        away = ("python", "-c", "import os; print(os.path.exists('/data/file.db'))")
        other = DockerRuntime(engine).attach(running.stack, site)  # `stackproof status` meanwhile heals nothing
        assert other is not None
        assert other.run("web", away).output == "False\n"
    assert running.wait_for("web", "healthy", PATIENCE) is not None
    with pytest.raises(ToolFailed, match="there is no such file"), running.without_file("@{volume.data}/none"):
        pass
    with pytest.raises(UserError, match="does not lie in a volume"), running.without_file("/etc/passwd"):
        pass


def test_a_file_that_a_killed_stackproof_took_away_is_put_back(
    good: tuple[DockerRunning, Site], engine: Engine
) -> None:
    running, site = good
    script = (
        "import sys, os, signal; from pathlib import Path; from tests.engine import tiny\n"
        "from stackproof.run.docker import DockerRuntime; from stackproof.model.running import Site\n"
        f"root = Path({str(site.root)!r}); site = Site(root, root / '.stackproof' / 'dev')\n"
        f"running = DockerRuntime().attach(tiny.stack('docker-tiny', {PORT}), site)\n"
        "with running.without_file('@{volume.data}/file.db'): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run((sys.executable, "-c", script), cwd=REPOSITORY, env=ENV, check=False, timeout=PATIENCE)
    assert done.returncode == -signal.SIGKILL
    look = ("python", "-c", "import os; print(os.path.exists('/data/file.db'))")
    assert running.run("web", look).output == "False\n"
    again = DockerRuntime(engine).attach(running.stack, site)
    assert again is not None
    assert again.run("web", look).output == "True\n"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_felt_and_all_is_well_afterwards(
    good: tuple[DockerRunning, Site], engine: Engine, fault: str
) -> None:
    running, site = good
    before = running.addresses("redis"), [each.pid for each in running.states()]
    with getattr(running, fault)(FAULTS[fault]):
        assert DockerRuntime(engine).attach(running.stack, site) is not None  # meanwhile heals nothing
        assert not answers(running, fault)
    assert answers(running, fault)
    assert running.wait_for("redis", "healthy", PATIENCE) is not None
    assert (running.addresses("redis"), [each.pid for each in running.states()]) == before
    with pytest.raises(Unmeasurable, match="one process alone"), running.frozen_child("redis"):
        pass


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_killed_stackproof_is_undone(good: tuple[DockerRunning, Site], engine: Engine, fault: str) -> None:
    running, site = good
    script = (
        "import sys, os, signal; from pathlib import Path; from tests.engine import tiny\n"
        "from stackproof.run.docker import DockerRuntime; from stackproof.model.running import Site\n"
        f"root = Path({str(site.root)!r}); site = Site(root, root / '.stackproof' / 'dev')\n"
        f"running = DockerRuntime().attach(tiny.stack('docker-tiny', {PORT}), site)\n"
        f"with running.{fault}('{FAULTS[fault]}'): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run((sys.executable, "-c", script), cwd=REPOSITORY, env=ENV, check=False, timeout=PATIENCE)
    assert done.returncode == -signal.SIGKILL
    assert not answers(running, fault)
    assert DockerRuntime(engine).attach(running.stack, site) is not None
    assert answers(running, fault)
    assert running.wait_for("redis", "healthy", PATIENCE) is not None


def answers(running: DockerRunning, fault: str) -> bool:
    """Whether redis lets web connect; the kernel does that for what hangs, too, so that then it must say something.

    On a slow line five connections with an answer of some kB take several seconds.
    """
    done = running.run("web", ("python", "-c", SAYS.get(fault, CONNECTS)), timeout=60)
    return done.exit_code == 0 and (fault != "slowed" or done.seconds < 3)


@pytest.mark.parametrize("remote", [False, True], ids=["here", "from a container"])
def test_a_service_out_of_memory_is_killed_alone(
    good: tuple[DockerRunning, Site], engine: Engine, remote: bool
) -> None:
    running, site = good
    before = {each.name: (each.pid, each.restarts) for each in running.states()}
    if remote:
        with proxy(engine) as (address, _):
            far = Engine({**os.environ, "DOCKER_HOST": address})
            DockerRunning(far, running.stack, site).exhaust("web")
            far.close()
    else:
        running.exhaust("web")
    assert running.wait_for("web", "healthy", PATIENCE) is not None
    after = {each.name: (each.pid, each.restarts) for each in running.states()}
    assert after["redis"] == before["redis"]
    assert after["web"][1] == before["web"][1] + 1


def test_a_second_up_changes_nothing(good: tuple[DockerRunning, Site], engine: Engine) -> None:
    running, site = good
    before = [each.pid for each in running.states()]
    again = DockerRuntime(engine).up(running.stack, site, ignore)
    assert [each.pid for each in again.states()] == before
    again.close()


def test_two_ups_at_once(good: tuple[DockerRunning, Site], engine: Engine) -> None:
    running, site = good
    with (site.state / "docker.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="right now"):
            DockerRuntime(engine).up(running.stack, site, ignore)


def test_the_same_name_from_another_folder(good: tuple[DockerRunning, Site], engine: Engine, tmp_path: Path) -> None:
    stack, runtime = good[0].stack, DockerRuntime(engine)
    other = tiny.write(tmp_path, stack)
    for refused in (lambda: runtime.up(stack, other, ignore), lambda: runtime.down(stack, other, ignore, volumes=True)):
        with pytest.raises(UserError, match="from another folder"):
            refused()
    assert runtime.attach(stack, other) is None


@pytest.mark.usefixtures("good")
def test_a_port_in_use_is_named_with_its_holder(engine: Engine, tmp_path: Path) -> None:
    stack = tiny.stack("docker-tiny-port", PORT)
    with pytest.raises(UserError, match=rf"port {PORT} .* by the container docker-tiny-dev-web-1") as caught:
        DockerRuntime(engine).up(stack, tiny.write(tmp_path, stack), ignore)
    assert "[services.web]" in caught.value.fix
    assert left(engine, stack) == []


@pytest.mark.usefixtures("good")
def test_a_port_that_only_compose_finds_in_use(engine: Engine, tmp_path: Path) -> None:
    stack = tiny.stack("docker-tiny-port", PORT)
    silent = replace(stack, services=(stack.services[0], replace(stack.services[1], publish=None)))
    site = tiny.write(tmp_path, stack)
    with pytest.raises(UserError, match=f"port {PORT}"):
        DockerRuntime(engine).up(silent, site, ignore)
    assert left(engine, stack) == []


def test_a_bad_service_is_seen_as_it_is(engine: Engine, tmp_path: Path) -> None:
    stack = tiny.stack("docker-tiny-bad", PORT + 1)
    bad: dict[str, object] = {"cap_drop": [], "security_opt": [], "read_only": False, "user": "0:0", "mem_limit": 0}
    site = tiny.write(
        tmp_path,
        stack,
        web={**bad, "cpus": 0, "pids_limit": -1, "ports": [f"0.0.0.0:{PORT + 1}:8000"]},
        redis={"ports": [f"127.0.0.1:{PORT + 2}:6379"], "networks": ["front", "back"]},
    )
    with up(engine, stack, site) as running:
        first = running.processes("web")[0]
        assert (first.uid, first.no_new_privileges, first.root_read_only) == (0, False, False)
        assert first.capabilities != 0
        limits = running.limits("web")
        assert (limits.memory_bytes, limits.cpus, limits.pids) == (None, None, None)
        opened = {each.way: each for each in running.attempts() if each.opened and not each.intended}
        assert f"host 127.0.0.1:{PORT + 2}" in opened  # Redis, published
        assert any(way.endswith(f":{PORT + 1}") and "the host at" in way for way in opened)  # not loopback only
        assert not any(way.endswith(f":{PORT + 2}") and "the host at" in way for way in opened)


def test_a_service_that_needs_too_long_to_stop_is_killed(engine: Engine, tmp_path: Path) -> None:
    stack = tiny.stack("docker-tiny-slow", PORT + 1)
    site = tiny.write(tmp_path, stack, web={"environment": {"SLOW_STOP": "30"}, "stop_grace_period": "1s"})
    with up(engine, stack, site) as running:
        stopped = running.stop("web")
        assert stopped.killed
        assert stopped.exit_code == 137
        assert stopped.seconds >= 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"command": ["python", "-c", "print('my last words'); raise SystemExit(4)"]},
            r"exited \(exit code 4\)\nmy last",
        ),
        (
            {"healthcheck": {"test": ["CMD", "false"], "interval": "1s", "retries": 4, "timeout": "1s"}},
            "unhealthy\nlistening",
        ),
    ],
)
def test_what_does_not_come_up_is_said_and_taken_down(
    engine: Engine, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    stack = tiny.stack("docker-tiny-sick", PORT + 1)
    site = tiny.write(tmp_path, stack, web=changes)
    with pytest.raises(NotHealthy, match=words):
        DockerRuntime(engine).up(stack, site, ignore)
    assert left(engine, stack) == []


def test_a_missing_image_and_a_missing_variable(engine: Engine, tmp_path: Path) -> None:
    stack = tiny.stack("docker-tiny-missing", PORT + 1)
    site = tiny.write(tmp_path, stack, web={"environment": {"KEY": "${KEY:?the key}"}})
    with pytest.raises(UserError, match="needs a value for KEY: the key"):
        DockerRuntime(engine).up(stack, site, ignore)
    other = replace(stack, services=(replace(stack.services[1], image="stackproof-no-such-image:1", needs=()),))
    with pytest.raises(UserError, match="stackproof-no-such-image:1 is not on this engine"):
        DockerRuntime(engine).up(other, site, ignore)


def test_down_without_the_compose_file_and_data_kept(engine: Engine, tmp_path: Path) -> None:
    stack, runtime = tiny.stack("docker-tiny-gone", PORT + 1), DockerRuntime(engine)
    site = tiny.write(tmp_path, stack)
    runtime.up(stack, site, ignore).close()
    (site.root / "deploy" / "compose.dev.yaml").unlink()
    removed = runtime.down(stack, site, ignore, volumes=False)
    assert "docker-tiny-gone-dev-web-1" in removed
    assert left(engine, stack) == ["docker-tiny-gone-dev-data"]
    assert runtime.down(stack, site, ignore, volumes=True) == ("docker-tiny-gone-dev-data",)
    assert runtime.down(stack, site, ignore, volumes=True) == ()
    assert runtime.attach(stack, site) is None


ENV = {**os.environ, "PYTHONPATH": f"{REPOSITORY}/src:{REPOSITORY}"}
UP = (
    "import sys; from pathlib import Path; from tests.engine import tiny\n"
    "from stackproof.run.docker import DockerRuntime; from stackproof.model.running import Site\n"
    "stack = tiny.stack(sys.argv[2], int(sys.argv[3])); root = Path(sys.argv[1])\n"
    "DockerRuntime().up(stack, Site(root, root / '.stackproof' / 'dev'), lambda step: print(step.text, flush=True))\n"
)


@pytest.mark.parametrize("after", ["created", "started", "healthy"])
def test_ctrl_c_in_the_middle_leaves_nothing(engine: Engine, tmp_path: Path, after: str) -> None:
    stack = tiny.stack("docker-tiny-ctrl-c", PORT + 1)
    site = tiny.write(tmp_path, stack)
    with bringing_up(site, stack) as process:
        assert process.stdout
        next(line for line in process.stdout if line.strip() == after)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) != 0
    assert left(engine, stack) == []


def test_after_kill_9_in_the_middle_down_removes_everything(engine: Engine, tmp_path: Path) -> None:
    stack = tiny.stack("docker-tiny-kill-9", PORT + 1)
    site = tiny.write(tmp_path, stack)
    with bringing_up(site, stack) as process:
        assert process.stdout
        next(line for line in process.stdout if line.strip() == "started")
        process.kill()
        process.wait(PATIENCE)
    DockerRuntime(engine).down(stack, site, ignore, volumes=True)
    assert left(engine, stack) == []


@contextmanager
def bringing_up(site: Site, stack: Stack) -> Iterator[subprocess.Popen[str]]:
    argv = (sys.executable, "-c", UP, str(site.root), stack.project, str(PORT + 1))
    with subprocess.Popen(
        argv, cwd=REPOSITORY, env=ENV, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        yield process


def test_an_engine_that_goes_away_in_the_middle(engine: Engine, tmp_path: Path) -> None:
    stack = tiny.stack("docker-tiny-away", PORT + 1)
    site = tiny.write(tmp_path, stack)
    with proxy(engine) as (address, cut):
        remote = Engine({**os.environ, "DOCKER_HOST": address})

        def cut_when_started(step: Progress) -> None:
            if step.text == "started":
                cut()

        with pytest.raises(ToolFailed, match=GONE) as caught:
            DockerRuntime(remote).up(stack, site, cut_when_started)
        assert caught.value.fix
        remote.close()
    DockerRuntime(engine).down(stack, site, ignore, volumes=True)
    assert left(engine, stack) == []


def test_an_engine_that_goes_away_from_a_running_stack(good: tuple[DockerRunning, Site], engine: Engine) -> None:
    running, site = good
    with proxy(engine) as (address, cut):
        remote = Engine({**os.environ, "DOCKER_HOST": address})
        watched = DockerRunning(remote, running.stack, site)
        assert watched.states() == running.states()
        watched.events()
        threading.Timer(0.3, cut).start()
        with pytest.raises(ToolFailed, match=GONE):
            watched.wait_for("web", "unhealthy", PATIENCE)
        with pytest.raises(ToolFailed, match=GONE):
            watched.limits("web")
        watched.close()
        remote.close()


@contextmanager
def proxy(engine: Engine) -> Iterator[tuple[str, Callable[[], None]]]:
    """The engine under another address, and a way to cut all connections to it: as if it had stopped."""
    target = engine.endpoint.host.removeprefix("unix://")
    pairs: list[socket.socket] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def cut() -> None:
        end(listener)  # closing alone would let an accept that waits take one more
        listener.close()
        for each in pairs:
            end(each)

    def accept() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(target)
            pairs.extend((near, far))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=pump, args=(source, sink), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}", cut
    finally:
        cut()
        time.sleep(0.1)  # the threads see it
        for each in pairs:
            each.close()


def end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return


def test_state_is_readable_only_when_whole(tmp_path: Path) -> None:
    site = Site(tmp_path, tmp_path / "state")
    assert state.events(site) is None
    assert journal.saved(site, "away") == ()
