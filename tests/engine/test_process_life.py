"""The process runtime on real processes: up, order, health, restart, stop, down."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from stackproof.errors import NotHealthy, Unmeasurable, UserError
from stackproof.model.running import Event, Site
from stackproof.model.stack import Assignment, Need, Service
from stackproof.run.process.launch import Line
from stackproof.run.process.runtime import ProcessRuntime
from stackproof.tools import http
from tests.engine.commands import PATIENCE
from tests.engine.process_stacks import belonging, project, quiet, redis, stack, web

pytestmark = pytest.mark.process
RUNTIME = ProcessRuntime()
_NUMBERS = count()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One project for all, so that its environment is made once."""
    return project(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def site(base: Site) -> Iterator[Site]:
    one = replace(base, state=base.state.with_name(f"t{next(_NUMBERS)}"))
    yield one
    RUNTIME.down(stack(redis()), one, quiet, volumes=True)
    assert belonging(one.state) == []


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def what(events: tuple[Event, ...], service: str) -> list[str]:
    return [event.what for event in events if event.service == service]


def at(events: tuple[Event, ...], service: str, happening: str) -> float:
    return next(event.at for event in events if (event.service, event.what) == (service, happening))


def test_up_is_healthy_and_down_leaves_nothing(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port, CHILD="1", GREETING="hi")), site, quiet)
    assert [(state.name, state.status, state.health) for state in running.states()] == [
        ("redis", "running", "healthy"),
        ("web", "running", "healthy"),
    ]
    assert http.request("GET", running.address("web")).body == b"hi"
    assert len(belonging(site.state)) >= 4  # supervisor, server, web, its children
    assert RUNTIME.down(running.stack, site, quiet, volumes=False) == ("redis", "web")
    assert belonging(site.state) == []
    assert not (site.state / "state.json").exists()
    assert (site.state / "volumes/redis").is_dir()
    assert RUNTIME.attach(running.stack, site) is None
    assert RUNTIME.down(running.stack, site, quiet, volumes=True) == ("volume redis",)


def test_a_service_starts_after_its_need_is_healthy(site: Site, port: int) -> None:
    events = RUNTIME.up(stack(redis(), web(port)), site, quiet).events()
    assert what(events, "web") == ["created", "started", "healthy"]
    assert at(events, "redis", "started") < at(events, "redis", "healthy") <= at(events, "web", "started")


def test_a_need_to_complete_gates_and_its_failure_fails_the_start(site: Site, port: int) -> None:
    def migrate(code: int) -> Service:
        command = ("python", "-c", f"raise SystemExit({code})")
        return Service("migrate", "worker", "tiny", True, command, restart="no")

    server = replace(web(port), needs=(Need("migrate", "completed"),))
    with pytest.raises(NotHealthy, match="migrate exited with code 4"):
        RUNTIME.up(stack(migrate(4), server), site, quiet)
    assert what(RUNTIME.up(stack(migrate(0), server), site, quiet).events(), "migrate")[:3] == [
        "created",
        "started",
        "exited",
    ]


def test_what_crashes_is_started_again(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port, CHILD="1")), site, quiet)
    before = set(belonging(site.state))
    running.kill("web")
    assert running.states()[1].health != "healthy"  # no moment at which the dead one still counts
    assert running.wait_for("web", "healthy", PATIENCE) is not None
    assert running.states()[1].restarts == 1
    assert what(running.events(), "web")[-3:] == ["restarted", "started", "healthy"]
    assert len(set(belonging(site.state)) - before) == 3  # all three of it were killed, all three are new


def test_health_is_seen_to_go_and_to_come_back(site: Site, port: int, tmp_path: Path) -> None:
    file = tmp_path / "ready"
    file.write_text("yes")
    running = RUNTIME.up(stack(redis(), web(port, READY=str(file))), site, quiet)
    with running.without_file(str(file)):
        assert running.wait_for("web", "unhealthy", PATIENCE) is not None
    assert running.wait_for("web", "healthy", PATIENCE) is not None
    assert "GET /health was answered by HTTP/1.0 503" in str(running.events())


def test_what_hangs_is_seen_and_goes_on(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port, CHILD="1")), site, quiet)
    pid = running.states()[1].pid
    with running.frozen("web"):
        assert RUNTIME.attach(running.stack, site) is not None  # another command meanwhile lets nothing go on
        assert running.wait_for("web", "unhealthy", PATIENCE) is not None
    assert running.wait_for("web", "healthy", PATIENCE) is not None
    assert running.states()[1].pid == pid
    assert not (site.state / "frozen.json").exists()


def test_one_child_hangs_alone(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port, CHILD="1")), site, quiet)
    with running.frozen_child("web") as still_there:
        assert still_there()
        assert http.request("GET", running.address("web")).status == 200
        running.kill("web")
        assert not still_there()
    with pytest.raises(Unmeasurable, match="redis is one process alone"), running.frozen_child("redis"):
        pass


def test_processes_of_one_machine_cannot_be_cut_off(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port)), site, quiet)
    with pytest.raises(Unmeasurable, match="refuses writes"), running.unwritable("web"):
        pass
    with pytest.raises(Unmeasurable, match="one process of web"), running.scaled("web"):
        pass
    for apart in (running.unresolved, running.slowed):
        with pytest.raises(Unmeasurable, match="one network"), apart("web"):
            pass
    with pytest.raises(Unmeasurable, match="a limit for the memory of web"):
        running.exhaust("web")
    with pytest.raises(Unmeasurable, match="one network"), running.cut("web"):
        pass


def test_stop_is_measured_and_lasts(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port)), site, quiet)
    stopped = running.stop("web")
    assert (stopped.exit_code, stopped.killed) == (0, False)
    assert stopped.seconds < web(port).grace
    assert running.states()[1].status == "exited"
    running.start("web")
    assert running.wait_for("web", "healthy", PATIENCE) is not None


def test_who_ignores_sigterm_is_killed_after_its_grace(site: Site, port: int) -> None:
    deaf = replace(web(port, DEAF="1", CHILD="1"), grace=0.5)
    running = RUNTIME.up(stack(redis(), deaf), site, quiet)
    stopped = running.stop("web")
    assert (stopped.exit_code, stopped.killed) == (137, True)
    assert stopped.seconds >= 0.5


def test_a_start_that_fails_says_why_and_leaves_nothing(site: Site, port: int) -> None:
    with pytest.raises(NotHealthy, match=r"(?s)web exited with code 3.*no such table: shoes"):
        RUNTIME.up(stack(redis(), web(port, BROKEN="1")), site, quiet)
    assert belonging(site.state) == []
    assert RUNTIME.attach(stack(redis()), site) is None


def test_a_port_in_use_is_said_before_anything_starts(site: Site, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(UserError, match=rf"port {port} of web is in use by pid \d+ \(") as caught:
            RUNTIME.up(stack(redis(), web(port)), site, quiet)
    assert "[services.web] publish" in caught.value.fix
    assert belonging(site.state) == []


def test_a_second_up_changes_only_what_is_different(site: Site, port: int) -> None:
    first = RUNTIME.up(stack(redis(), web(port, GREETING="one")), site, quiet).states()
    again = RUNTIME.up(stack(redis(), web(port, GREETING="one")), site, quiet).states()
    assert [state.pid for state in again] == [state.pid for state in first]
    other = RUNTIME.up(stack(redis(), web(port, GREETING="two")), site, quiet)
    assert other.states()[0].pid == first[0].pid
    assert http.request("GET", other.address("web")).body == b"two"


def test_a_fresh_handle_sees_the_same(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port)), site, quiet)
    attached = RUNTIME.attach(running.stack, site)
    assert attached is not None
    assert attached.states() == running.states()
    http.request("GET", running.address("web") + "/seen")
    follow = attached.follow()
    http.request("GET", running.address("web") + "/followed")
    assert any(isinstance(one, Line) and one.service == "web" for one in follow)
    follow.close()
    assert "listening\n" in attached.logs("web")
    assert '"GET /seen HTTP/1.1" 200' in attached.logs("web")


def test_a_command_runs_in_the_services_environment(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port, GREETING="hi")), site, quiet)
    done = running.run(
        "web", ("python", "-c", "import os; print(os.getcwd(), os.environ['GREETING'], len(os.environ))")
    )
    folder, greeting, number = done.output.split()
    assert (Path(folder), greeting) == (site.root, "hi")
    assert int(number) < 12
    assert running.run("web", ("python", "-c", "import time; time.sleep(9)"), timeout=0.2).exit_code is None


def test_the_users_file_reaches_settable_variables(site: Site, port: int, tmp_path: Path) -> None:
    file = tmp_path / "dev.env"
    file.write_text("GREETING='from the file'\n")
    running = RUNTIME.up(stack(redis(), web(port, GREETING="hi")), replace(site, env_file=file), quiet)
    assert http.request("GET", running.address("web")).body == b"from the file"


def test_a_required_variable_without_a_value_stops_before_anything_starts(site: Site, port: int) -> None:
    needy = replace(web(port), environment=(Assignment("KEY", None, settable=True, required=True),))
    with pytest.raises(UserError, match="KEY"):
        RUNTIME.up(stack(redis(), needy), site, quiet)
    assert belonging(site.state) == []


def test_only_a_socket_on_every_address_opens_from_outside(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port)), site, quiet)
    found = {(one.service, one.opened, one.intended) for one in running.attempts()}
    assert found == {("redis", False, False), ("web", False, False), ("web", True, True)}
    wide = replace(web(port), command=("python", "web.py", "0.0.0.0", "@{self.port}"))
    found = {
        (one.service, one.opened, one.intended) for one in RUNTIME.up(stack(redis(), wide), site, quiet).attempts()
    }
    assert ("web", True, False) in found


def test_what_needs_an_engine_is_unmeasurable(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port)), site, quiet)
    for ask in (running.processes, running.limits):
        with pytest.raises(Unmeasurable, match="container engine"):
            ask("web")


def test_the_clock_goes_forward(site: Site) -> None:
    running = RUNTIME.up(stack(redis()), site, quiet)
    before = running.now()
    running.pause(0.01)
    assert running.now() > before
    assert abs(running.now() - time.monotonic()) < PATIENCE
