"""The process runtime when things go wrong: kills, interrupts, two at once, numbers used again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import msgspec
import pytest

from stackproof.errors import UserError
from stackproof.model.running import Progress, Site
from stackproof.run.process.away import Taken
from stackproof.run.process.client import Gone
from stackproof.run.process.folder import Folder, Kept
from stackproof.run.process.proc import Identity, alive, ended, identity
from stackproof.run.process.runtime import ProcessRuntime
from tests.engine.commands import PATIENCE
from tests.engine.process_stacks import belonging, project, quiet, redis, stack, web

pytestmark = pytest.mark.process
RUNTIME = ProcessRuntime()
_NUMBERS = count()

# Brings the tiny stack up as a process of its own: slowly, for web never gets ready.
_UP = """
import sys
sys.path[:0] = [{tests!r}]
from pathlib import Path
from stackproof.model.running import Site
from stackproof.run.process.runtime import ProcessRuntime
from tests.engine.process_stacks import redis, stack, web
site = Site(Path({root!r}), Path({state!r}))
wanted = stack(redis(), web({port}, CHILD="1", READY={ready!r}))
ProcessRuntime().up(wanted, site, lambda p: print(p.about, p.text, flush=True))
"""


# Stops the processes of web, and is killed before it lets them go on.
_HANG = """
import os, signal, sys
sys.path[:0] = [{tests!r}]
from pathlib import Path
from stackproof.model.running import Site
from stackproof.run.process.runtime import ProcessRuntime
from tests.engine.process_stacks import redis, stack, web
site = Site(Path({root!r}), Path({state!r}))
running = ProcessRuntime().attach(stack(redis(), web({port}, CHILD="1")), site)
with running.frozen("web"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return project(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def site(base: Site) -> Iterator[Site]:
    one = replace(base, state=base.state.with_name(f"a{next(_NUMBERS)}"))
    yield one
    RUNTIME.down(stack(redis()), one, quiet, volumes=True)
    assert belonging(one.state) == []


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def kept(site: Site) -> Kept:
    found = Folder(site.state).kept()
    assert found is not None
    return found


def slow_up(site: Site, port: int, ready: str = "/nowhere") -> subprocess.Popen[str]:
    """Another process in the middle of `up`: returns when its web has started."""
    tests = str(Path(__file__).parents[2])
    script = _UP.format(tests=tests, root=str(site.root), state=str(site.state), ready=ready, port=port)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("web started"):
            break
    return process


def finish(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    with process:
        process.stdout.read()
    return process.returncode


@pytest.mark.parametrize("command", ["attach", "up", "down"])
def test_the_next_command_cleans_up_after_a_killed_supervisor(site: Site, port: int, command: str) -> None:
    wanted = stack(redis(), web(port, CHILD="1"))
    running = RUNTIME.up(wanted, site, quiet)
    supervisor = kept(site).supervisor
    os.kill(supervisor.pid, signal.SIGKILL)
    assert ended(supervisor, PATIENCE)
    with pytest.raises(Gone):
        running.states()
    assert belonging(site.state)  # what pool children became: nobody's
    if command == "attach":
        assert RUNTIME.attach(wanted, site) is None
    elif command == "down":
        RUNTIME.down(wanted, site, quiet, volumes=False)
    else:
        assert [state.health for state in RUNTIME.up(wanted, site, quiet).states()] == ["healthy", "healthy"]
        RUNTIME.down(wanted, site, quiet, volumes=False)
    assert belonging(site.state) == []
    assert not (site.state / "state.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_up_that_is_interrupted_leaves_nothing(site: Site, port: int, number: signal.Signals) -> None:
    process = slow_up(site, port)
    supervisor = kept(site).supervisor
    process.send_signal(number)
    assert finish(process) != 0
    assert ended(supervisor, PATIENCE)
    assert belonging(site.state) == []
    assert not (site.state / "state.json").exists()


def test_a_second_up_at_the_same_time_is_told_who_is_first(site: Site, port: int, tmp_path: Path) -> None:
    process = slow_up(site, port, str(tmp_path / "ready"))
    with pytest.raises(UserError, match=f"another stackproof is bringing this stack up or down .pid {process.pid}"):
        RUNTIME.up(stack(redis(), web(port)), site, quiet)
    assert RUNTIME.attach(stack(redis()), site) is not None
    (tmp_path / "ready").touch()
    assert finish(process) == 0
    attached = RUNTIME.attach(stack(redis(), web(port)), site)
    assert attached is not None
    assert [state.health for state in attached.states()] == ["healthy", "healthy"]


def test_a_number_that_was_used_again_is_left_alone(site: Site, port: int) -> None:
    """The record names numbers that by now belong to others."""
    wanted = stack(redis(), web(port))
    RUNTIME.up(wanted, site, quiet)
    record = kept(site)
    RUNTIME.down(wanted, site, quiet, volumes=False)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True) as stranger:
        found = identity(stranger.pid)
        assert found is not None
        recycled = Identity(found.pid, found.start - 1)
        Folder(site.state).keep(replace(record, mains={"web": recycled}))
        assert RUNTIME.attach(wanted, site) is None
        assert alive(found)
        assert not (site.state / "state.json").exists()
        stranger.kill()


def test_the_supervisor_goes_in_order_when_it_is_terminated(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port, CHILD="1")), site, quiet)
    supervisor = kept(site).supervisor
    os.kill(supervisor.pid, signal.SIGTERM)
    assert ended(supervisor, PATIENCE)
    exits = [(event.service, event.detail) for event in running.events() if event.what == "exited"]
    assert exits == [("web", "exit code 0, stopped"), ("redis", "exit code 0, stopped")]
    assert belonging(site.state) == []


def test_the_services_go_with_their_folder(site: Site, port: int) -> None:
    impatient = replace(redis(), grace=1.0)  # it cannot save what it has: its folder is gone
    running = RUNTIME.up(stack(impatient, web(port, CHILD="1")), site, quiet)
    supervisor = kept(site).supervisor
    shutil.rmtree(site.state)
    running.kill("web")
    assert ended(supervisor, PATIENCE)
    assert belonging(site.state) == []


def test_the_next_command_puts_a_file_back_that_a_dead_one_took(site: Site, port: int) -> None:
    running = RUNTIME.up(stack(redis(), web(port)), site, quiet)
    taking = running.without_file("web.py")
    taking.__enter__()
    folder = Folder(site.state)
    journal = msgspec.json.decode(folder.away.read_bytes(), type=Taken)
    folder.away.write_bytes(msgspec.json.encode(replace(journal, by=Identity(journal.by.pid, 1))))
    assert not (site.root / "web.py").exists()
    assert RUNTIME.attach(running.stack, site) is not None
    assert (site.root / "web.py").exists()


@pytest.mark.parametrize("command", ["attach", "up", "down"])
def test_the_next_command_lets_go_on_what_a_dead_one_had_stopped(site: Site, port: int, command: str) -> None:
    wanted = stack(redis(), web(port, CHILD="1"))
    running = RUNTIME.up(wanted, site, quiet)
    script = _HANG.format(tests=str(Path(__file__).parents[2]), root=str(site.root), state=str(site.state), port=port)
    done = subprocess.run((sys.executable, "-c", script), check=False, timeout=PATIENCE)
    assert done.returncode == -signal.SIGKILL
    assert running.wait_for("web", "unhealthy", PATIENCE) is not None
    if command == "attach":
        assert RUNTIME.attach(wanted, site) is not None
        assert running.wait_for("web", "healthy", PATIENCE) is not None
    elif command == "up":
        assert [state.health for state in RUNTIME.up(wanted, site, quiet).states()] == ["healthy", "healthy"]
    else:
        RUNTIME.down(wanted, site, quiet, volumes=False)
        assert belonging(site.state) == []
    assert not (site.state / "frozen.json").exists()


def test_a_half_made_environment_is_made_again(site: Site, port: int) -> None:
    cache = Folder(site.state).cache
    RUNTIME.up(stack(redis(), web(port)), site, quiet)
    RUNTIME.down(stack(redis()), site, quiet, volumes=False)
    marker = next(cache.glob("venv-*/.stackproof.json"))
    marker.unlink()
    said: list[Progress] = []
    RUNTIME.up(stack(redis(), web(port)), site, said.append)
    assert marker.exists()
    assert any(one.about == "environment" for one in said)


def test_a_stack_is_seen_by_a_process_that_did_not_start_it(site: Site, port: int, tmp_path: Path) -> None:
    (tmp_path / "ready").touch()
    process = slow_up(site, port, str(tmp_path / "ready"))
    assert finish(process) == 0
    attached = RUNTIME.attach(stack(redis(), web(port)), site)
    assert attached is not None
    assert len(attached.attempts()) == 3
    RUNTIME.down(attached.stack, site, quiet, volumes=False)
    assert belonging(site.state) == []
